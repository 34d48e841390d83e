"""Dirty GraceTHD deliveries applied, and compared with what they truly hold."""

import base64
import tempfile
from collections import Counter, defaultdict
from contextlib import contextmanager
from unittest.mock import patch

from generator import gracethd_dirty
from generator.gracethd_catalogue import TABLES
from generator.gracethd_dirty import Case
from generator.gracethd_dirty_rows import DAY
from generator.gracethd_dirty_truth import End, Splice

#: findings of what hangs on rows left out, by the kind of what they name
_HANGING = {
    "hangs_fibre": "pbo.fibre",
    "hangs_splice": "splice",
    "hangs_route": "route",
    "hangs_link": "link",
}
#: beginning of the findings of routes that break off
_BROKEN = "apply_route_"
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


class _Here:
    """Stands in for the process that reads a file: most of its time is its start."""

    is_over = False

    def __init__(self, commands):
        self._commands = commands

    def call(self, name, *arguments):
        return self._commands[name](*arguments)

    def stream(self, name, *arguments):
        while (answer := self.call(name, *arguments))[0] is not None:
            yield answer


@contextmanager
def reading_here(_reader, raw, arguments, _limits):
    """Read a delivery in this process."""
    from odoo.addons.oiconnect_gracethd.reading.reader import open_file

    raw.seek(0)
    with (
        tempfile.TemporaryDirectory() as scratch,
        open_file(raw, scratch, **arguments) as commands,
    ):
        yield _Here(commands)


class DirtyImport:
    """A case brought to a network of its own; who makes it rolls back afterwards."""

    def __init__(self, env, case: Case):
        from odoo.addons.oiconnect_base.foreign_files import process

        self.env = env
        self.delivery = gracethd_dirty.make(case)
        with patch.object(process, "reading", reading_here):
            self._apply()
        self.findings = self._rows(
            """SELECT table_name, line, "column", value, message_key, level,
                      is_left_out
                 FROM oiconnect_import_error WHERE import_id = %s""",
            self.record.id,
        )

    def _apply(self):
        env = self.env
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
        """Return {position of the drawer: ``End``, none of one that breaks off}."""
        query = """
            SELECT p.code, r.state = 'incomplete', COALESCE(o.code, ''),
                   COALESCE(b.code, ''), COALESCE(f.code, '')
              FROM oiconnect_gracethd_object p
              JOIN oiconnect_route r ON r.position_id = p.res_id
              LEFT JOIN oiconnect_pbo_fibre l ON l.id = r.fibre_id
              LEFT JOIN oiconnect_gracethd_object o ON o.res_id = r.pto_id
                   AND o.res_model = 'oiconnect.pto'
              LEFT JOIN oiconnect_gracethd_object b ON b.table_name = 't_ebp'
                   AND (b.res_model, b.res_id) IN (
                       ('oiconnect.pbo', r.pbo_id),
                       ('oiconnect.splice.box', l.splice_box_id))
              LEFT JOIN oiconnect_gracethd_object f ON f.res_id = r.fibre_id
                   AND f.res_model = 'oiconnect.pbo.fibre'
             WHERE p.network_id = %s AND p.res_model = 'oiconnect.pm.position'"""
        return {
            code: None if is_broken else End(*end)
            for code, is_broken, *end in self._rows(query, self.network.id)
        }

    def links(self):
        """Return the transport fibres of links."""
        query = """
            SELECT f.code FROM oiconnect_pm_link_fibre l
              JOIN oiconnect_gracethd_object f ON f.res_id = l.transport_fibre_id
                   AND f.res_model = 'oiconnect.pbo.fibre'
             WHERE l.network_id = %s"""
        return {code for (code,) in self._rows(query, self.network.id)}

    # -- what the verdict names --------------------------------------------------------

    def named(self):
        """Return {kind: how often each code is named} by the findings."""
        found = defaultdict(Counter)
        for table, line, _column, value, key, _level, is_left_out in self.findings:
            if key.startswith(_BROKEN):
                found["route"][value] += 1
            elif not is_left_out:
                continue
            elif key in _HANGING:
                found[_HANGING[key]][value] += 1
            elif code := self.code(table, line):
                for kind in _MADE.get(table, ()):
                    if code in self._true_codes(kind):
                        found[kind][code] += 1
        return found

    def code(self, table, line):
        """Return the code that a row has without its faults.

        ``None`` of one that is there twice, and of one that completes another's row.
        """
        rows, rank = self.delivery.tables.get(table, ()), self._rank(table, line)
        return self.delivery.codes.get(id(rows[rank])) if rank < len(rows) else None

    def _rank(self, table, line):
        return line - (1 if TABLES[table].form else 2)

    def _true_codes(self, kind):
        truth = self.delivery.truth
        named = {"splice": truth.splices, "route": truth.routes}
        return named[kind] if kind in named else truth.records[kind]

    # -- the property ------------------------------------------------------------------

    def check(self):
        """Check that all is applied but what is named, and that this is lost."""
        assert self.record.state in ("done", "done_errors"), self.record.message
        named, truth = self.named(), self.delivery.truth
        for kind, codes in truth.records.items():
            made = self.records(kind)
            assert made <= codes, (kind, made - codes)
            self._check_named(kind, codes - made, named)
        for kind, expected, made in (
            ("splice", truth.splices, self.splices()),
            ("route", truth.routes, self.routes()),
        ):
            assert made.keys() <= expected.keys(), (kind, made.keys() - expected.keys())
            lost = {
                code
                for code, thing in expected.items()
                if not made.get(code) or made[code] != thing
            }
            self._check_named(kind, lost, named)
        twice = {code for code, count in named["route"].items() if count > 1}
        assert not twice, twice
        self._check_links(named["link"])
        self._check_rows()
        self._check_cells()
        self._check_days()

    def _check_named(self, kind, lost, named):
        names = set(named[kind])
        assert lost <= names, ("in silence", kind, sorted(lost - names)[:5])
        assert names <= lost, ("for nothing", kind, sorted(names - lost)[:5])

    def _check_links(self, named):
        """No link is made that is none, and all are but for rows that are left out."""
        made, expected = self.links(), self.delivery.truth.links
        assert made <= expected, made - expected
        assert made.isdisjoint(named), made & named.keys()
        if not self.delivery.gone:
            assert made == expected, expected - made

    def _check_rows(self):
        """The rows left out are those without which no record is, and no others.

        Those of a patch complete rows that are named already.
        """
        left_out = {
            (table, self._rank(table, line))
            for table, line, _column, _value, key, _level, is_left_out in self.findings
            if is_left_out and key not in _HANGING and not key.startswith("apply_")
            if not TABLES[table].patch_of
        }
        expected = self.delivery.left_out()
        assert left_out == expected, left_out ^ expected

    def _check_cells(self):
        """Each cell that cannot be read is reported; those that can are not."""
        gone = self.delivery.left_out()
        reported = {
            (table, self.code(table, line), column)
            for table, line, column, _value, key, *_rest in self.findings
            if (key.startswith("bad_") or key == "unknown_value")
            and (table, self._rank(table, line)) not in gone
        }
        assert reported == self.delivery.cells, reported ^ self.delivery.cells
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
            assert day == (DAY if is_read else None), (code, day)
