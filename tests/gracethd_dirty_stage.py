"""Dirty GraceTHD deliveries applied, and compared with what they truly hold."""

import base64

from generator import gracethd_dirty
from generator.gracethd_catalogue import TABLES
from generator.gracethd_dirty import Case, End, Splice

#: findings of what hangs on rows left out, by the kind of what they name
_HANGING = {
    "hangs_fibre": "pbo.fibre",
    "hangs_splice": "splice",
    "hangs_route": "route",
    "hangs_link": "link",
}
#: table of the rows → kinds of records
_MADE = {
    "t_znro": ("nro",),
    "t_zsro": ("pm",),
    "t_adresse": ("building",),
    "t_ebp": ("pbo", "splice.box", "pto"),
    "t_cable": ("pbo.cable",),
    "t_fibre": ("pbo.fibre",),
    "t_position": ("splice", "route"),
}


class DirtyImport:
    """A case brought to a network of its own; who makes it rolls back afterwards."""

    def __init__(self, env, case: Case):
        self.env = env
        self.delivery = gracethd_dirty.make(case)
        self.network = env["oiconnect.network"].create(
            {"name": "Sale", "code": "GT_DIRTY", "oi_code": "OICN", "pto_prefix": "ZT"}
        )
        self.record = env["oiconnect.import"].create(
            {
                "network_id": self.network.id,
                "file_name": "livraison.zip",
                "file": base64.b64encode(self.delivery.content()),
            }
        )
        env.flush_all()
        self.record._apply()
        env.flush_all()
        self.findings = self._rows(
            """SELECT table_name, line, "column", value, message_key, level,
                      is_left_out
                 FROM oiconnect_import_error WHERE import_id = %s""",
            self.record.id,
        )

    def _rows(self, query, *parameters):
        self.env.cr.execute(query, parameters)
        return self.env.cr.fetchall()

    # -- what is in the network --------------------------------------------------------

    def records(self, kind):
        """Return the codes of the rows that became records of a kind."""
        query = """SELECT code FROM oiconnect_gracethd_object
                    WHERE network_id = %s AND res_model = %s"""
        found = self._rows(query, self.network.id, f"oiconnect.{kind}")
        return {code for (code,) in found}

    def splices(self):
        """Return {position: ``Splice``}."""
        query = """
            SELECT p.code, u.code, d.code, COALESCE(b.code, '')
              FROM oiconnect_gracethd_object p
              JOIN oiconnect_splice s ON s.id = p.res_id
              JOIN oiconnect_gracethd_object u ON u.res_id = s.upstream_id
                   AND u.res_model = 'oiconnect.pbo.fibre'
              JOIN oiconnect_gracethd_object d ON d.res_id = s.downstream_id
                   AND d.res_model = 'oiconnect.pbo.fibre'
              LEFT JOIN oiconnect_gracethd_object b ON b.table_name = 't_ebp'
                   AND (b.res_model, b.res_id) IN (
                       ('oiconnect.pbo', s.pbo_id),
                       ('oiconnect.splice.box', s.splice_box_id))
             WHERE p.network_id = %s AND p.res_model = 'oiconnect.splice'"""
        found = self._rows(query, self.network.id)
        return {code: Splice(*splice) for code, *splice in found}

    def routes(self):
        """Return {position of the drawer: ``End``}."""
        query = """
            SELECT p.code, COALESCE(o.code, ''), COALESCE(b.code, ''),
                   COALESCE(f.code, '')
              FROM oiconnect_gracethd_object p
              JOIN oiconnect_route r ON r.position_id = p.res_id
              LEFT JOIN oiconnect_gracethd_object o ON o.res_id = r.pto_id
                   AND o.res_model = 'oiconnect.pto'
              LEFT JOIN oiconnect_gracethd_object b ON b.res_id = r.pbo_id
                   AND b.res_model = 'oiconnect.pbo'
              LEFT JOIN oiconnect_gracethd_object f ON f.res_id = r.fibre_id
                   AND f.res_model = 'oiconnect.pbo.fibre'
             WHERE p.network_id = %s AND p.res_model = 'oiconnect.pm.position'"""
        return {code: End(*end) for code, *end in self._rows(query, self.network.id)}

    # -- what the verdict names --------------------------------------------------------

    def named(self):
        """Return {kind: codes} of what the findings say is left out."""
        found = {}
        for table, line, _column, value, key, _level, is_left_out in self.findings:
            if not is_left_out:
                continue
            if key in _HANGING:
                found.setdefault(_HANGING[key], set()).add(value)
                continue
            for kind in _MADE.get(table, ()):
                found.setdefault(kind, set()).add(self.code(table, line))
        return found

    def code(self, table, line):
        """Return the code that a row has without its faults.

        ``None`` of one that a fault added, and of one that completes another's row.
        """
        rank = line - (1 if TABLES[table].form else 2)
        codes = self.delivery.codes.get(table, ())
        return codes[rank] if rank < len(codes) else None

    # -- the property ------------------------------------------------------------------

    def check(self):
        """Check that all of the delivery is applied, less what is named."""
        assert self.record.state in ("done", "done_errors"), self.record.message
        named, truth = self.named(), self.delivery.truth
        for kind, codes in truth.records.items():
            made = self.records(kind)
            assert made <= codes, (kind, made - codes)
            lost = codes - made - named.get(kind, set())
            assert not lost, (kind, sorted(lost)[:5])
        self._check_same(
            "splice", self._expected_splices(), self._known_splices(), named
        )
        self._check_same("route", truth.routes, self._known_routes(), named)
        self._check_rows()
        self._check_cells()
        self._check_days()

    def _check_same(self, kind, expected, made, named):
        """Compare things one by one, but for those that are named."""
        assert made.keys() <= expected.keys(), (kind, made.keys() - expected.keys())
        for code, thing in expected.items():
            if code not in named.get(kind, ()):
                assert made.get(code) == thing, (kind, code, made.get(code), thing)

    def _expected_splices(self):
        return self.delivery.truth.splices

    def _known_splices(self):
        """Return the splices, without the boxes that no tray tells."""
        expected = self._expected_splices()
        return {
            code: splice
            if code in expected and expected[code].box
            else splice._replace(box="")
            for code, splice in self.splices().items()
        }

    def _known_routes(self):
        """Return the routes; the end of one that breaks off says nothing."""
        truth = self.delivery.truth
        return {
            code: truth.routes[code] if code in truth.broken else end
            for code, end in self.routes().items()
        }

    def _check_rows(self):
        """The rows left out are those without which no record is, and no others."""
        left_out = {
            (table, self.code(table, line))
            for table, line, _column, _value, key, _level, is_left_out in self.findings
            if is_left_out and key not in _HANGING and not key.startswith("apply_")
        }
        left_out = {row for row in left_out if row[1]}
        assert left_out == self.delivery.rows, left_out ^ self.delivery.rows
        if not self.delivery.rows:
            hanging = [row for row in self.findings if row[4] in _HANGING]
            broken = {row[3] for row in hanging} - self.delivery.truth.broken_positions
            assert not broken, hanging

    def _check_cells(self):
        """Each cell that cannot be read is reported; those that can are not."""
        reported = {
            (table, self.code(table, line), column)
            for table, line, column, _value, key, *_rest in self.findings
            if key.startswith("bad_") or key == "unknown_value"
        }
        needed = {cell for cell in reported if cell[:2] in self.delivery.rows}
        assert reported - needed == self.delivery.cells, (
            reported - needed ^ self.delivery.cells
        )
        notes = [row[0] for row in self.findings if row[4] == "null_values"]
        assert sorted(notes) == sorted(self.delivery.nulls), notes

    def _check_days(self):
        """The day of installation is read in all its forms, unless it is none."""
        query = """SELECT o.code, p.installation_date::text
                     FROM oiconnect_gracethd_object o
                     JOIN oiconnect_pm p ON p.id = o.res_id
                    WHERE o.network_id = %s AND o.res_model = 'oiconnect.pm'"""
        for code, day in self._rows(query, self.network.id):
            is_read = ("t_zsro", code, "zs_dateins") not in self.delivery.cells
            assert day == (gracethd_dirty.DAY if is_read else None), (code, day)
