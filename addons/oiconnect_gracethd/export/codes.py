"""Codes of the rows: those that the network has already, and new ones in a range.

What a row is about is its *subject*: "oiconnect.pbo,12", or for what has no record
"oiconnect.pbo,12/tray 3". A subject keeps its code in all exports of the network.
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
    :param received: SQL of (table_name, subject, code) that deliveries gave, or none
    """

    def __init__(self, work, network_id, company_id, first, last, received=None):
        self.work = work
        self.cr = work.cr
        self.network_id = network_id
        self.company_id = company_id
        self.first, self.last = first, last
        self._received = received

    def give(self, table, subjects):
        """Make ``gx_code_<table>`` (subject, code) for all ``subjects``, SQL."""
        wanted = f"gx_want_{table}"
        self.work.make(
            wanted, SQL("SELECT DISTINCT subject FROM (%s) w", subjects), "subject"
        )
        if self._received:
            self._keep_received(table, wanted)
        self._give_new(table, wanted)
        self.work.make(
            code_table(table),
            SQL(
                """SELECT w.subject, c.code FROM %s w
                     JOIN oiconnect_gracethd_code c ON c.network_id = %s
                          AND c.table_name = %s AND c.subject = w.subject""",
                SQL.identifier(wanted),
                self.network_id,
                table,
            ),
            "subject",
        )

    def _keep_received(self, table, wanted):
        """Prefer the codes of deliveries to those that exports gave."""
        self.work.make(
            f"gx_received_{table}",
            SQL(
                """SELECT DISTINCT ON (r.subject) r.subject, r.code FROM (%s) r
                     JOIN %s w ON w.subject = r.subject
                    WHERE r.table_name = %s ORDER BY r.subject, r.code""",
                self._received,
                SQL.identifier(wanted),
                table,
            ),
        )
        received = SQL.identifier(f"gx_received_{table}")
        self.cr.execute(
            SQL(
                """DELETE FROM oiconnect_gracethd_code c USING %s r
                    WHERE c.network_id = %s AND c.table_name = %s
                      AND (c.subject = r.subject OR c.code = r.code)
                      AND (c.subject, c.code) <> (r.subject, r.code)""",
                received,
                self.network_id,
                table,
            )
        )
        self.cr.execute(
            SQL(
                """INSERT INTO oiconnect_gracethd_code
                       (network_id, company_id, table_name, subject, code)
                   SELECT %s, %s, %s, r.subject, r.code FROM %s r
                   ON CONFLICT DO NOTHING""",
                self.network_id,
                self.company_id,
                table,
                received,
            )
        )

    def _give_new(self, table, wanted):
        prefix = TABLES[table].key[0][:2].upper()
        low, high = (
            f"{prefix}{number:0{DIGITS}}" for number in (self.first, self.last)
        )
        self.cr.execute(
            SQL(
                """SELECT max(right(code, %s)::bigint) FROM oiconnect_gracethd_code
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
                """INSERT INTO oiconnect_gracethd_code
                       (network_id, company_id, table_name, subject, code)
                   SELECT %s, %s, %s, w.subject,
                          %s || lpad(
                              (%s + row_number() OVER (ORDER BY w.subject))::text,
                              %s, '0')
                     FROM %s w
                    WHERE NOT EXISTS (
                        SELECT FROM oiconnect_gracethd_code c
                         WHERE c.network_id = %s AND c.table_name = %s
                           AND c.subject = w.subject)""",
                self.network_id,
                self.company_id,
                table,
                prefix,
                begin,
                DIGITS,
                SQL.identifier(wanted),
                self.network_id,
                table,
            )
        )
        if begin + self.cr.rowcount > self.last:
            raise RangeUsedUp(table)


def code_table(table):
    """Return the name of the table of the codes of ``table``."""
    return f"gx_code_{table}"
