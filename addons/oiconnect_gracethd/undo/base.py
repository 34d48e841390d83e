"""What the parts of an undoing share: the journal of one import, and its tables."""

from odoo.tools import SQL

#: models in the order in which an application merges them
MODELS = tuple(
    f"oiconnect.{name}"
    for name in (
        "nro",
        "prdm",
        "pm",
        "zone",
        "technical.pm",
        "splice.box",
        "pbo",
        "building",
        "building.level",
        "pto",
        "pbo.cable",
        "pbo.fibre",
        "pm.link",
        "pm.link.fibre",
        "pm.module",
        "pm.position",
        "splice",
        "route",
    )
)
RECEIVED = "oiconnect_gracethd_object"
LINKED = "oiconnect_building_pbo_rel"


def table_of(model):
    return model.replace(".", "_")


class UndoBase:
    """The journal of one import.

    :param record: the ``oiconnect.import``
    """

    def __init__(self, record):
        self.record = record
        self.env = record.env
        self.cr = record.env.cr
        self.import_id = record.id
        self.network_id = record.network_id.id
        self.batch = record._batch()

    def entries(self, table, kind):
        """Return the query of the entries of a table: id, first_id, last_id, …"""
        return SQL(
            """SELECT * FROM oiconnect_gracethd_journal
                WHERE import_id = %s AND table_name = %s AND kind = %s""",
            self.import_id,
            table,
            kind,
        )

    def created(self, table):
        """Return the query of the ranges of created ids: first_id, last_id."""
        return SQL(
            """SELECT first_id, last_id FROM oiconnect_gracethd_journal
                WHERE import_id = %s AND table_name = %s AND kind = 'created'""",
            self.import_id,
            table,
        )

    def among_created(self, table, column):
        """Return the condition that ``column`` is an id that the import created."""
        return SQL(
            """EXISTS (SELECT FROM (%s) own
                        WHERE %s BETWEEN own.first_id AND own.last_id)""",
            self.created(table),
            column,
        )

    def values(self, table):
        """Return the query of the changed rows: id, before, after.

        A row that was changed several times: what was there first, what is there last.
        """
        return SQL(
            """SELECT j.first_id AS id,
                      jsonb_object_agg(b.key, b.value ORDER BY j.id DESC) AS before,
                      jsonb_object_agg(b.key, j.after -> b.key ORDER BY j.id) AS after
                 FROM (%s) j, jsonb_each(j.before) b
                GROUP BY 1""",
            self.entries(table, "changed"),
        )

    def has(self, table, *kinds):
        self.cr.execute(
            SQL(
                """SELECT EXISTS (SELECT FROM oiconnect_gracethd_journal
                    WHERE import_id = %s AND table_name = %s AND kind = ANY(%s))""",
                self.import_id,
                table,
                list(kinds),
            )
        )
        return self.cr.fetchone()[0]

    def dates(self):
        """Return the query of first_date, last_date: when the entries were written."""
        return SQL(
            """SELECT date_trunc('second', min(date)) AS first_date,
                      max(date) AS last_date
                 FROM oiconnect_gracethd_journal WHERE import_id = %s""",
            self.import_id,
        )
