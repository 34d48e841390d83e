"""Codes of the rows: those that the network has already, and new ones in a range.

What a row is about is its *subject*: "oiconnect.pbo,12", or for what has no record
"oiconnect.pbo,12/tray 3". A subject keeps its code in all exports of the network: that
of the deliveries, else one that the first export gave it.
"""

from odoo.tools import SQL

from ..catalogue import TABLES

DIGITS = 12


class RangeUsedUp(Exception):
    """The range of codes has no code left for a table; ``table`` tells which."""

    def __init__(self, table):
        super().__init__(table)
        self.table = table


class Codes:
    """Codes of the tables of one export, each in a table ``gx_code_t_…``.

    :param first, last: numbers between which new codes are
    """

    def __init__(self, work, network_id, company_id, first, last):
        self.work = work
        self.cr = work.cr
        self.network_id = network_id
        self.company_id = company_id
        self.first, self.last = first, last

    def give(self, table, subjects):
        """Make ``gx_code_<table>`` (subject, code) for all ``subjects``, SQL.

        What deliveries gave has the code from there (``gx_known``). Rows that only
        complete a record of a delivery, as its node, are there when it tells them, or
        when something new needs them (``gx_needed``).
        """
        wanted = f"gx_want_{table}"
        self.work.make(wanted, SQL(_WANTED, subjects, table, table), "subject")
        self._give_new(table, wanted)
        self.work.make(
            code_table(table),
            SQL(
                """SELECT w.subject, o.code FROM %(wanted)s w
                     JOIN oiconnect_gracethd_object o ON o.network_id = %(network)s
                          AND o.table_name = %(table)s AND o.cells IS NULL
                          AND %(subject)s = w.subject
                   UNION ALL
                   SELECT subject, code FROM gx_known WHERE table_name = %(table)s""",
                wanted=SQL.identifier(wanted),
                network=self.network_id,
                table=table,
                subject=subject_of("o"),
            ),
            "subject",
        )

    def _give_new(self, table, wanted):
        prefix = TABLES[table].key[0][:2].upper()
        low, high = (
            f"{prefix}{number:0{DIGITS}}" for number in (self.first, self.last)
        )
        self.cr.execute(
            SQL(
                """SELECT max(right(code, %s)::bigint) FROM oiconnect_gracethd_object
                    WHERE network_id = %s AND table_name = %s
                      AND code ~ %s AND code COLLATE "C" BETWEEN %s AND %s""",
                DIGITS,
                self.network_id,
                table,
                f"^{prefix}[0-9]{{{DIGITS}}}$",
                low,
                high,
            )
        )
        [used] = self.cr.fetchone()
        begin = self.first - 1 if used is None else used
        self.cr.execute(
            SQL(
                _NEW,
                network=self.network_id,
                company=self.company_id,
                table=table,
                prefix=prefix,
                begin=begin,
                digits=DIGITS,
                wanted=SQL.identifier(wanted),
                subject=subject_of("o"),
            )
        )
        if begin + self.cr.rowcount > self.last:
            raise RangeUsedUp(table)


def code_table(table):
    """Return the name of the table of the codes of ``table``."""
    return f"gx_code_{table}"


def subject_of(alias):
    """Return the SQL of the subject of a row of ``oiconnect_gracethd_object``."""
    return SQL(
        "(%(o)s.res_model || ',' || %(o)s.res_id || COALESCE('/' || %(o)s.part, ''))",
        o=SQL.identifier(alias),
    )


_WANTED = """
    WITH wanted AS (
        SELECT DISTINCT w.subject FROM (%s) w
         WHERE NOT EXISTS (SELECT FROM gx_known t
                            WHERE t.table_name = %s AND t.subject = w.subject)
    )
    SELECT w.subject FROM wanted w
     WHERE NOT EXISTS (SELECT FROM gx_owner o
                        WHERE o.subject = split_part(w.subject, '/', 1))
    UNION
    SELECT w.subject FROM wanted w
      JOIN gx_needed n ON n.table_name = %s AND n.subject = w.subject
"""
_NEW = """
    INSERT INTO oiconnect_gracethd_object
           (network_id, company_id, table_name, code, res_model, res_id, part)
    SELECT %(network)s, %(company)s, %(table)s,
           %(prefix)s || lpad(
               (%(begin)s + row_number() OVER (ORDER BY w.subject))::text,
               %(digits)s, '0'),
           split_part(w.subject, ',', 1),
           substring(w.subject FROM '^[^,]+,([0-9]+)')::int,
           substring(w.subject FROM '^[^,]+,[0-9]+/(.*)$')
      FROM %(wanted)s w
     WHERE NOT EXISTS (
         SELECT FROM oiconnect_gracethd_object o
          WHERE o.network_id = %(network)s AND o.table_name = %(table)s
            AND o.cells IS NULL AND %(subject)s = w.subject)
"""
