"""Routes of a delivery that break off, and what deliveries leave unsaid."""

import copy

import pytest
from generator import gracethd, gracethd_file
from generator.gracethd_file import Form
from generator.gracethd_truth import FREE, GAP, LOOP
from gracethd_network import GracethdNetwork
from odoo_process import environment, registry

PLAIN = gracethd.PLAIN._replace(dwellings=(8, 14))
ROUGH = PLAIN._replace(gaps=0.2, loops=0.1)


@pytest.fixture(scope="module")
def base(shared_database):
    with registry(shared_database) as found:
        yield found


class Place(GracethdNetwork):
    """A network of generated PMs, and its deliveries."""

    def __init__(self, found, seed, pms=1, traits=PLAIN, version="2.0.2"):
        super().__init__(found, version)
        self.made = gracethd.Network(pms, seed, traits)

    def deliver(self, tables=None):
        content = gracethd_file.zipped(tables or self.made.tables, Form(self.version))
        return self.deliver_file(content)

    def states(self):
        """Return {code of a drawer position: state of its route}."""
        query = """
            SELECT o.code, r.state FROM oiconnect_gracethd_object o
              JOIN oiconnect_route r ON r.position_id = o.res_id
             WHERE o.network_id = %s AND o.res_model = 'oiconnect.pm.position'"""
        return dict(self.rows(query, self.network_id))

    def findings(self, import_id, key):
        """Return [(line, value, params, latitude)] of the findings of a message."""
        query = """SELECT line, value, params, latitude FROM oiconnect_import_error
                    WHERE import_id = %s AND message_key LIKE %s ORDER BY line"""
        return self.rows(query, import_id, key)

    def network(self):
        """Return the cables with their ends, and the splices, by reference."""
        cables = """
            SELECT c.reference, c.kind, c.start_kind, sn.reference, sb.reference,
                   sp.reference, c.end_kind, eb.reference, ep.reference, pm.reference
              FROM oiconnect_pbo_cable c
              LEFT JOIN oiconnect_nro sn ON sn.id = c.start_nro_id
              LEFT JOIN oiconnect_splice_box sb ON sb.id = c.start_box_id
              LEFT JOIN oiconnect_pbo sp ON sp.id = c.start_pbo_id
              LEFT JOIN oiconnect_splice_box eb ON eb.id = c.end_box_id
              LEFT JOIN oiconnect_pbo ep ON ep.id = c.end_pbo_id
              LEFT JOIN oiconnect_pm pm ON pm.id = c.pm_id
             WHERE c.network_id = %s AND c.kind <> 'drop' ORDER BY c.reference"""
        splices = """
            SELECT cu.reference, u.tube, u.fibre, cd.reference, d.tube, d.fibre
              FROM oiconnect_splice s
              JOIN oiconnect_pbo_fibre u ON u.id = s.upstream_id
              JOIN oiconnect_pbo_fibre d ON d.id = s.downstream_id
              JOIN oiconnect_pbo_cable cu ON cu.id = u.cable_id
              JOIN oiconnect_pbo_cable cd ON cd.id = d.cable_id
             WHERE s.network_id = %s ORDER BY 1, 2, 3"""
        return [self.rows(query, self.network_id) for query in (cables, splices)]


# -- routes that break off -------------------------------------------------------------


@pytest.mark.parametrize("version", ["2.0.2", "3.0"])
def test_routes_that_break_off_are_incomplete_and_reported(base, version):
    place = Place(base, 21, 2, ROUGH, version)
    import_id = place.deliver()
    broken = {
        route.positions[0] for route in place.made.routes if route.end in (GAP, LOOP)
    }
    states = place.states()
    assert {code for code, state in states.items() if state == "incomplete"} == broken
    assert set(states.values()) == {"free", "incomplete"}
    findings = place.findings(import_id, "apply_route_%")
    assert {value for _line, value, *_rest in findings} == broken
    boxes = {row["bp_codeext"] for row in place.made.rows("t_ebp")}
    drawers = {row["ti_code"] for row in place.made.rows("t_tiroir")}
    for _line, _value, params, latitude in findings:
        assert params["box"] in boxes | drawers
        assert params["cable"]
        assert latitude
    with environment(base, lang="fr_FR") as env:
        errors = env["oiconnect.import.error"].search(
            [("import_id", "=", import_id), ("message_key", "like", "apply_route_%")]
        )
        assert all("La route de la position" in error.message for error in errors)


def test_an_incomplete_route_is_given_to_no_operator(base):
    """It is neither free in the PBO nor counted so, and free once it is delivered."""
    place = Place(base, 22)
    tables = copy.deepcopy(place.made.tables)
    route = next(
        route
        for route in place.made.routes
        if route.end == FREE and len(route.positions) > 2
    )
    tables["t_position"] = [
        row for row in tables["t_position"] if row["ps_code"] != route.positions[-1]
    ]
    import_id = place.deliver(tables)
    [(_line, value, params, _latitude)] = place.findings(import_id, "apply_route_%")
    assert value == route.positions[0]
    assert params["value"] == value
    pm = f"SELECT id FROM oiconnect_pm WHERE network_id = {place.network_id}"
    with environment(base) as env:
        pm = env["oiconnect.pm"].search([("network_id", "=", place.network_id)])
        counts = pm.capacity_total, pm.capacity_free, pm.capacity_out
    free = sum(route.end == FREE for route in place.made.routes)
    assert counts == (len(place.made.routes), free - 1, 1)
    again = place.deliver(tables)
    assert place.findings(again, "apply_route_%")
    complete = place.deliver()
    assert not place.findings(complete, "apply_route_%")
    assert set(place.states().values()) == {"free"}


def test_a_held_route_stays_as_it_is(base):
    place = Place(base, 23)
    place.deliver()
    route = next(
        route
        for route in place.made.routes
        if route.end == FREE and len(route.positions) > 2
    )
    with environment(base) as env:
        operator = env["oiconnect.operator"].create(
            {"name": "Opérateur", "interop_code": "OCIN", "arcep_code": "OCIN"}
        )
        position = env["oiconnect.gracethd.object"].search(
            [
                ("network_id", "=", place.network_id),
                ("code", "=", route.positions[0]),
                ("res_model", "=", "oiconnect.pm.position"),
            ]
        )
        env["oiconnect.route"].search([("position_id", "=", position.res_id)]).write(
            {"state": "reserved", "operator_id": operator.id}
        )
    tables = copy.deepcopy(place.made.tables)
    tables["t_position"] = [
        row for row in tables["t_position"] if row["ps_code"] != route.positions[-1]
    ]
    import_id = place.deliver(tables)
    assert place.states()[route.positions[0]] == "reserved"
    assert place.findings(import_id, "apply_route_%")


# -- what is left unsaid ---------------------------------------------------------------


@pytest.mark.parametrize("backwards", [False, True])
def test_cables_without_nodes_have_those_of_their_line(base, backwards):
    """Whichever way the lines are drawn."""
    whole, bare = Place(base, 24), Place(base, 24)
    for rank, place in enumerate((whole, bare)):
        reference = f"FI-99001-PM9{backwards:d}2{rank}"
        place.made.tables["t_zsro"][0]["zs_refpm"] = reference
    if backwards:
        for row in bare.made.rows("t_cableline"):
            row["geom"] = row["geom"][::-1]
    whole.deliver()
    columns = ("cb_nd1", "cb_nd2", "cb_bp1", "cb_bp2")
    lines = {row["cl_cb_code"] for row in bare.made.rows("t_cableline")}
    void = 0
    for rank, row in enumerate(bare.made.rows("t_cable")):
        if row["cb_code"] in lines and row["cb_typelog"] != "RA":
            # One end, the other, or both
            for column in (columns, columns[1:4:2], columns[0:3:2])[rank % 3]:
                row[column] = ""
            void += 1
    import_id = bare.deliver()
    assert len(bare.findings(import_id, "apply_drawn_ends")) == void
    assert _anonymous(bare.network()) == _anonymous(whole.network())
    assert set(bare.states()) == set(whole.states())


def _anonymous(network):
    """Return cables and splices whatever the reference of their PM."""
    return [[row[:9] for row in rows] for rows in network]


def test_a_line_that_ends_beside_a_node_gives_none(base):
    place = Place(base, 25)
    row = next(row for row in place.made.rows("t_cable") if row["cb_typelog"] == "DI")
    row["cb_nd2"] = row["cb_bp2"] = ""
    line = next(
        line
        for line in place.made.rows("t_cableline")
        if line["cl_cb_code"] == row["cb_code"]
    )
    (x, y) = line["geom"][-1]
    line["geom"] = [*line["geom"][:-1], (x + 2, y)]
    import_id = place.deliver()
    assert not place.findings(import_id, "apply_drawn_ends")


def _with_pbo(place):
    """Add a PBO that no cable leads to, in the street."""
    node = place.made.rows("t_ptech")[0]
    place.made.rows("t_ebp").append(
        {
            "bp_code": "BP999999999999",
            "bp_codeext": "PBO-SEUL",
            "bp_pt_code": node["pt_code"],
            "bp_typelog": "PBO",
        }
    )


def test_a_pbo_without_cable_is_of_the_only_pm(base):
    place = Place(base, 26)
    _with_pbo(place)
    place.deliver()
    query = """SELECT m.reference FROM oiconnect_pbo b
                 JOIN oiconnect_pm m ON m.id = b.pm_id
                WHERE b.network_id = %s AND b.reference = 'PBO-SEUL'"""
    [(pm,)] = place.rows(query, place.network_id)
    assert pm == place.made.rows("t_zsro")[0]["zs_refpm"]


def test_a_pbo_without_cable_is_left_out_among_several_pms(base):
    place = Place(base, 27, pms=2)
    _with_pbo(place)
    import_id = place.deliver()
    [(_line, value, *_rest)] = place.findings(import_id, "apply_no_pm")
    assert value == "PBO-SEUL"


@pytest.mark.parametrize("kind", ["EP", "AT", "CO"])
def test_of_positions_that_share_their_fibres_the_first_stays(base, kind):
    whole, doubled = Place(base, 28), Place(base, 28)
    whole.made.tables["t_zsro"][0]["zs_refpm"] = f"FI-99001-PM90{ord(kind[0])}"
    doubled.made.tables["t_zsro"][0]["zs_refpm"] = f"FI-99001-PM91{ord(kind[0])}"
    whole.deliver()
    rows = doubled.made.rows("t_position")
    row = next(row for row in rows if row["ps_fonct"] == kind)
    rows.append(row | {"ps_code": "PS999999999999", "ps_numero": 99})
    import_id = doubled.deliver()
    findings = doubled.findings(import_id, "fibre_twice")
    # Rows begin on the second line
    assert {line for line, *_rest in findings} == {len(rows) + 1}
    query = """SELECT DISTINCT message_key, line FROM oiconnect_import_error
                WHERE import_id = %s AND is_left_out"""
    assert doubled.rows(query, import_id) == [("fibre_twice", len(rows) + 1)]
    assert _anonymous(doubled.network()) == _anonymous(whole.network())
    assert doubled.states() == whole.states()


def test_of_fibres_with_one_place_the_first_stays(base):
    place = Place(base, 29)
    place.made.tables["t_zsro"][0]["zs_refpm"] = "FI-99001-PM9029"
    fibre = place.made.rows("t_fibre")[0]
    place.made.rows("t_fibre").append(fibre | {"fo_code": "FO999999999999"})
    place.deliver()
    query = """SELECT count(*) FROM oiconnect_gracethd_object
                WHERE network_id = %s AND res_model = 'oiconnect.pbo.fibre'
                  AND code IN (%s, 'FO999999999999')"""
    assert place.rows(query, place.network_id, fibre["fo_code"]) == [(1,)]
