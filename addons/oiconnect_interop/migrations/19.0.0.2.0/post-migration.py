"""Files claimed on a server are known by what was written of them, not by a name.

Those that were stored and not put away yet are written here.
"""

from odoo.tools import SQL


def migrate(cr, version):
    for record, account, link, name in (
        ("oiconnect_exchange", "oiconnect_endpoint", "endpoint_id", "name"),
        ("oiconnect_import", "oiconnect_import_source", "source_id", "file_name"),
    ):
        cr.execute(
            SQL(
                """
                INSERT INTO oiconnect_claim
                       (account_model, account_id, company_id, token, name, path,
                        date, check_date)
                SELECT %(model)s, account.id, account.company_id, record.claim_token,
                       %(name)s,
                       concat(account.in_folder, '/.oic-', record.claim_token, '-',
                              %(name)s),
                       record.create_date, now() AT TIME ZONE 'UTC' + interval '1 day'
                  FROM %(record)s record
                  JOIN %(account)s account ON account.id = %(link)s
                 WHERE record.claim_token IS NOT NULL
                   AND record.create_date
                       > now() AT TIME ZONE 'UTC' - interval '7 days'
                """,
                model=account.replace("_", "."),
                name=SQL.identifier("record", name),
                record=SQL.identifier(record),
                account=SQL.identifier(account),
                link=SQL.identifier("record", link),
            )
        )
