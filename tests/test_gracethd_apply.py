"""Generated GraceTHD deliveries brought to a network: traced, updated, taken back."""

import copy

import breaking_point
import import_jobs
import pytest
from generator import gracethd, gracethd_file
from generator.gracethd_file import Form
from generator.gracethd_truth import FREE, PTO
from gracethd_network import WRITTEN, GracethdNetwork
from odoo_process import environment, killed, registry
from waiting import wait_until

from odoo.exceptions import UserError

PLAIN = gracethd.PLAIN._replace(dwellings=(8, 14))
#: those whose rows an undoing gives back; the history goes on
GIVEN_BACK = [table for table in WRITTEN if table != "oiconnect_change"]
#: what tells who wrote, and ids, that are new each time
_NUMBERS = (
    "'id', 'res_id', 'write_date', 'create_date', 'last_change_date', 'received_date'"
)


@pytest.fixture(scope="module")
def base(shared_database):
    with registry(shared_database) as found:
        yield found


class Place(GracethdNetwork):
    """Deliveries of a network that was generated."""

    def __init__(self, found, seed, version="2.0.2", traits=PLAIN):
        super().__init__(found, version)
        self.made = gracethd.Network(2, seed, traits)

    def _content(self, tables):
        return gracethd_file.zipped(tables or self.made.tables, Form(self.version))

    def upload(self, tables=None):
        return self.upload_file(self._content(tables))

    def deliver(self, tables=None):
        return self.deliver_file(self._content(tables))

    def staging_tables(self):
        return self.rows(
            "SELECT relname FROM pg_class WHERE relname ~ '^oiconnect_gracethd_[0-9]'"
        )

    def held(self):
        """Return all rows of the network; splices write the date of their fibres."""
        return {
            table: self.rows(
                f"SELECT to_jsonb(t) - CASE WHEN %s = 'oiconnect_pbo_fibre' "
                f"THEN '{{write_date,write_uid}}'::text[] ELSE '{{}}' END "
                f"FROM {table} t WHERE network_id = %s ORDER BY id",
                table,
                self.network_id,
            )
            for table in GIVEN_BACK
        }

    def likeness(self):
        """Return the rows of the network without what is new in each application."""
        found = {}
        for table in GIVEN_BACK:
            query = rf"""
                SELECT k.key, k.value, count(*)
                  FROM {table} t, jsonb_each(to_jsonb(t)) k
                 WHERE t.network_id = %s AND k.key NOT IN ({_NUMBERS})
                   AND NOT (k.key LIKE '%%\_id' AND k.key <> 'company_id')
                 GROUP BY 1, 2 ORDER BY 1, 2"""
            found[table] = self.rows(query, self.network_id)
        return found

    def undo(self, import_id):
        with environment(self.registry) as env:
            env["oiconnect.import"].browse(import_id).action_undo()

    def codes(self, model):
        """Return {code of the delivery: id of the record}."""
        query = """SELECT code, res_id FROM oiconnect_gracethd_object
                    WHERE network_id = %s AND res_model = %s"""
        return dict(self.rows(query, self.network_id, f"oiconnect.{model}"))

    def reported(self, import_id):
        query = """SELECT message_key, count(*) FROM oiconnect_import_error
                    WHERE import_id = %s AND code = 'GT90' GROUP BY 1"""
        return dict(self.rows(query, import_id))

    def counts(self, import_id):
        return import_jobs.counts(self.registry, import_id)

    def assert_traced(self):
        """Each route of the generated network is the product's, fibre by fibre."""
        positions, fibres = self.codes("pm.position"), self.codes("pbo.fibre")
        ptos = self.codes("pto")
        with environment(self.registry) as env:
            trace = env["oiconnect.trace"].sudo()
            points = [
                ("position", positions[route.positions[0]])
                for route in self.made.routes
            ]
            paths = {path.position_id: path for path in trace._trace(points)}
            for route, (_kind, position) in zip(self.made.routes, points, strict=True):
                if route.end not in (PTO, FREE):
                    continue
                path = paths[position]
                listed = [fibres[code] for code in route.fibres if code in fibres]
                assert path.fibres == listed, route
                assert path.pto_id == (ptos[route.pto] if route.pto else None), route
            # And back: from the socket to the drawer
            wired = [route for route in self.made.routes if route.end == PTO]
            found = trace._trace([("pto", ptos[route.pto]) for route in wired])
            assert {(path.pto_id, path.position_id) for path in found} == {
                (ptos[route.pto], positions[route.positions[0]]) for route in wired
            }


@pytest.fixture(scope="module")
def place(base):
    found = Place(base, 3)
    found.deliver()
    return found


@pytest.mark.parametrize("version", ["2.0.2", "3.0"])
def test_each_route_is_traced_and_the_same_delivery_writes_nothing(base, version):
    place = Place(base, 5, version)
    first = place.deliver()
    assert place.counts(first)["route"][0] == len(place.made.routes)
    place.assert_traced()
    query = """SELECT count(*) > 0, count(*) = count(transport_fibre_id)
                 FROM oiconnect_pm_link_fibre WHERE network_id = %s"""
    assert place.rows(query, place.network_id) == [(True, True)]
    before = place.written()
    again = place.deliver()
    assert not any(count[0] or count[1] for count in place.counts(again).values())
    assert place.written() == before


def test_a_check_counts_and_writes_nothing(base):
    place = Place(base, 6)
    import_id = place.upload()
    before = place.written()
    with environment(base) as env:
        record = env["oiconnect.import"].browse(import_id)
        record.action_check()
    import_jobs.run(base, import_id)
    assert place.written() == before
    assert place.counts(import_id)["pm"] == (2, 0, 0)
    with environment(base) as env:
        record = env["oiconnect.import"].browse(import_id)
        assert record.state == "checked"
        assert "bp_codeext" in record.gracethd_choices
        assert record.preview_ids


def test_a_changed_delivery_updates_what_no_operator_holds(place):
    """Two pairs of fibres are exchanged: in one of them an operator has a route."""
    tables = copy.deepcopy(place.made.tables)
    positions = {row["ps_code"]: row for row in tables["t_position"]}
    free, held = _pairs(place.made)
    for one, other in (free, held):
        first, second = (positions[route.positions[1]] for route in (one, other))
        first["ps_2"], second["ps_2"] = second["ps_2"], first["ps_2"]
    tables["t_zsro"][0]["zs_capamax"] = 777
    taken = place.codes("pm.position")[held[0].positions[0]]
    with environment(place.registry) as env:
        operator = env["oiconnect.operator"].create(
            {"name": "Opérateur", "interop_code": "OCGT", "arcep_code": "OCGT"}
        )
        route = env["oiconnect.route"].search([("position_id", "=", taken)])
        route.write({"state": "reserved", "operator_id": operator.id})
    query = """SELECT p.id, r.fibre_id, r.operator_id FROM oiconnect_route r
                 JOIN oiconnect_pm_position p ON p.id = r.position_id
                WHERE r.network_id = %s"""
    before = {row[0]: row[1:] for row in place.rows(query, place.network_id)}
    import_id = place.deliver(tables)
    after = {row[0]: row[1:] for row in place.rows(query, place.network_id)}
    codes = place.codes("pm.position")
    changed = {position for position in after if after[position] != before[position]}
    assert changed == {codes[route.positions[0]] for route in free}
    reported = place.reported(import_id)
    assert reported["apply_route_held"] == 1
    assert reported["apply_splice_held"] == 2
    assert place.counts(import_id)["pm"] == (0, 1, 1)
    changes = place.rows(
        """SELECT field, before, after, reason FROM oiconnect_change
            WHERE batch = %s AND res_model = 'oiconnect.pm'""",
        f"oiconnect.import,{import_id}",
    )
    assert changes == [("max_capacity", "360", "777", "livraison.zip")]
    unchanged = place.deliver(tables)
    assert not any(c[0] or c[1] for c in place.counts(unchanged).values())


def _pairs(made):
    """Return two pairs of free routes that end at one PBO."""
    groups = {}
    for route in made.routes:
        if route.end == FREE and len(route.positions) > 2:
            groups.setdefault((route.pbo, len(route.fibres)), []).append(route)
    routes = next(found for found in groups.values() if len(found) >= 4)
    return routes[:2], routes[2:4]


def test_what_a_delivery_abandons(base):
    place = Place(base, 9)
    place.deliver()
    tables = copy.deepcopy(place.made.tables)
    tables["t_adresse"][0]["ad_ietat"] = "AB"
    tables["t_zsro"][1]["zs_abddate"] = "2026-10-01"
    import_id = place.deliver(tables)
    query = """SELECT model, changed, abandoned FROM oiconnect_import_count
                WHERE import_id = %s AND changed + abandoned > 0 ORDER BY model"""
    assert place.rows(query, import_id) == [
        ("oiconnect.building", 0, 1),
        ("oiconnect.pm", 0, 1),
    ]
    query = "SELECT abandoned_date FROM oiconnect_pm WHERE network_id = %s ORDER BY 1"
    assert str(place.rows(query, place.network_id)[0][0]) == "2026-10-01"


def test_another_network_is_left_alone(base, place):
    before = place.written()
    other = Place(base, 3)
    import_id = other.deliver()
    assert place.reported(import_id)["apply_elsewhere"] == 2
    other.assert_traced()
    assert place.written() == before


def test_rows_come_with_all_that_they_said(place):
    [(cells,)] = place.rows(
        """SELECT cells FROM oiconnect_gracethd_object
            WHERE network_id = %s AND table_name = 't_ptech' ORDER BY code LIMIT 1""",
        place.network_id,
    )
    row = place.made.tables["t_ptech"][0]
    assert {name: cells.get(name) for name in row} == row


def test_what_blocks_applies_nothing(base):
    place = Place(base, 7)
    tables = copy.deepcopy(place.made.tables)
    del tables["t_noeud"]
    import_id = place.upload(tables)
    before = place.written()
    import_jobs.start(base, import_id)
    import_jobs.run(base, import_id)
    query = "SELECT state FROM oiconnect_import WHERE id = %s"
    assert place.rows(query, import_id) == [("refused",)]
    assert place.written() == before


def test_killed_at_each_step_then_done(base):
    """Each time it leaves nothing; the queue gives it to another process."""
    place = Place(base, 8)
    import_id = place.upload()
    import_jobs.start(base, import_id)
    before = place.written()
    for moment in (*breaking_point.MOMENTS, *breaking_point.DELIVERING):
        killed(base, breaking_point.die_at, moment, import_jobs.run, import_id)
        wait_until(lambda: not _working(place), pause=0.05)
        assert place.written() == before, moment
        assert place.staging_tables() == [], moment
        query = "SELECT state FROM oiconnect_import WHERE id = %s"
        assert place.rows(query, import_id) == [("running",)], moment
    import_jobs.run(base, import_id)
    place.assert_traced()
    assert place.staging_tables() == []


def test_an_undone_delivery_leaves_nothing_and_comes_again(base):
    place = Place(base, 10)
    nothing = place.held()
    import_id = place.deliver()
    first = place.likeness()
    entries = "SELECT count(*) FROM oiconnect_gracethd_journal WHERE import_id = %s"
    # Ranges of ids, not rows
    assert place.rows(entries, import_id)[0][0] < 100
    place.undo(import_id)
    before = place.written()
    killed(base, breaking_point.die_at, "undoing", import_jobs.run, import_id)
    wait_until(lambda: not _working(place), pause=0.05)
    assert place.written() == before
    import_jobs.run(base, import_id)
    query = "SELECT state, applied_date, gracethd_can_undo FROM oiconnect_import"
    assert place.rows(f"{query} WHERE id = %s", import_id) == [("undone", None, False)]
    assert place.held() == nothing
    assert place.rows(entries, import_id) == [(0,)]
    kinds = """SELECT kind, count(*) FROM oiconnect_change
                WHERE network_id = %s GROUP BY 1 ORDER BY 1"""
    (_create, created), (_unlink, removed) = place.rows(kinds, place.network_id)
    assert created == removed
    import_jobs.start(base, import_id)
    import_jobs.run(base, import_id)
    assert place.likeness() == first
    place.assert_traced()


def test_an_undone_update_gives_the_former_values_back(base):
    place = Place(base, 11)
    first = place.deliver()
    tables = copy.deepcopy(place.made.tables)
    positions = {row["ps_code"]: row for row in tables["t_position"]}
    for one, other in _pairs(place.made):
        first_row, second = (positions[route.positions[1]] for route in (one, other))
        first_row["ps_2"], second["ps_2"] = second["ps_2"], first_row["ps_2"]
    tables["t_zsro"][0]["zs_capamax"] = 777
    tables["t_ebp"][0]["bp_etiquet"] = "AUTRE"
    before = place.held()
    second_id = place.deliver(tables)
    changed = place.held()
    moved = {table for table in before if before[table] != changed[table]}
    assert {"oiconnect_pm", "oiconnect_splice", "oiconnect_route"} <= moved
    with pytest.raises(UserError):
        place.undo(first)
    place.undo(second_id)
    import_jobs.run(base, second_id)
    assert place.held() == before
    place.assert_traced()
    changes = """SELECT kind, field, before, after, reason FROM oiconnect_change
                  WHERE batch = %s AND res_model = 'oiconnect.pm'"""
    [(kind, field, old, new, reason)] = place.rows(
        changes, f"oiconnect.import,{second_id}/undo"
    )
    assert (kind, field, old, new) == ("write", "max_capacity", "777", "360")
    assert "livraison.zip" in reason


def _working(place):
    query = """SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND database = (
                   SELECT oid FROM pg_database WHERE datname = current_database())"""
    return place.rows(query)
