"""Routes of GraceTHD networks, rebuilt from positions, against what was generated."""

import os
from contextlib import closing

import gracethd_stage
import psycopg2
import pytest
from generator import gracethd, gracethd_strategies
from generator.gracethd_rows import Block, Place
from gracethd_stage import PREFIX, routes
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from oictools import database

CHECKED = settings(
    max_examples=12, deadline=None, suppress_health_check=list(HealthCheck)
)


@pytest.fixture(scope="module")
def cr():
    """A cursor on a bare database with empty staging tables."""
    name = f"oic_test_gracethd_{os.getpid()}"
    database.drop(name)
    database.execute("CREATE DATABASE {} TEMPLATE template0", name)
    with closing(psycopg2.connect(dbname=name)) as connection:
        cursor = gracethd_stage.PlainCursor(connection.cursor())
        gracethd_stage.create(cursor)
        yield cursor
    database.drop(name)


class Rebuilt:
    """Routes and links as rebuilt, identified by the codes of the rows."""

    def __init__(self, cr, tables):
        gracethd_stage.load(cr, tables)
        self.counts = routes.rebuild(cr, PREFIX)
        self.cr = cr
        self.codes = {
            table: self._codes(table, key)
            for table, key in (
                ("t_position", "ps_code"),
                ("t_fibre", "fo_code"),
                ("t_ebp", "bp_code"),
            )
        }

    def _codes(self, table, key):
        return dict(self._rows(f"SELECT line, {key} FROM {PREFIX}_{table}"))

    def _rows(self, query):
        self.cr.execute(query)
        return self.cr.fetchall()

    def _listed(self, table, lines):
        return [self.codes[table][line] for line in lines]

    def routes(self):
        boxes, fibres = self.codes["t_ebp"], self.codes["t_fibre"]
        found = self._rows(
            "SELECT position_lines, fibre_lines, end_kind, reason, pto_line, pbo_line,"
            f" link_fibre_line FROM {PREFIX}_route"
        )
        return {
            self.codes["t_position"][positions[0]]: (
                self._listed("t_position", positions),
                self._listed("t_fibre", lines),
                (end, reason or ""),
                boxes.get(pto, ""),
                boxes.get(pbo, ""),
                fibres.get(link, ""),
            )
            for positions, lines, end, reason, pto, pbo, link in found
        }

    def links(self):
        found = self._rows(
            f"SELECT position_lines, fibre_lines, end_kind FROM {PREFIX}_link"
        )
        return {
            (
                *self._listed("t_position", positions),
                *self._listed("t_fibre", fibres),
                end,
            )
            for positions, fibres, end in found
        }


def wanted_routes(network):
    return {
        route.positions[0]: (
            route.positions,
            route.fibres,
            (route.end, route.reason),
            route.pto,
            route.pbo,
            route.link,
        )
        for route in network.routes
    }


def wanted_links(network):
    return {(*link.positions, *link.fibres, "nro") for link in network.links}


def test_every_route_of_a_hundred_pms_is_rebuilt(cr):
    network = gracethd.Network(100, 1, gracethd.ROUGH)
    rebuilt = Rebuilt(cr, network.tables)
    assert set(rebuilt.counts) == {"pto", "free", "gap", "loop"}
    assert sum(rebuilt.counts.values()) == len(network.routes)
    assert rebuilt.routes() == wanted_routes(network)
    assert rebuilt.links() == wanted_links(network)


def test_each_pto_has_its_drawer_position_and_its_place(cr):
    network = gracethd.Network(3, 2)
    rebuilt = Rebuilt(cr, network.tables)
    ptos = {
        row["bp_code"] for row in network.rows("t_ebp") if row["bp_typelog"] == "PTO"
    }
    ends = [route[3] for route in rebuilt.routes().values() if route[2][0] == "pto"]
    assert len(ends) == len(ptos) > 20
    assert set(ends) == ptos


def test_splitters_are_found(cr):
    for share, expected in ((0.0, {False}), (1.0, {True})):
        traits = gracethd.PLAIN._replace(splitters=share, dwellings=(60, 60))
        network = gracethd.Network(1, 5, traits)
        Rebuilt(cr, network.tables)
        # The last splitter may have one output in use: those with two or more tell.
        cr.execute(
            f"SELECT DISTINCT is_split FROM {PREFIX}_route r WHERE link_fibre_line IN ("
            f" SELECT link_fibre_line FROM {PREFIX}_route GROUP BY 1"
            " HAVING (count(*) > 1) = %s)",
            [share > 0],
        )
        assert {value for (value,) in cr.fetchall()} == expected


def test_boxes_of_positions_without_tray(cr):
    """All but gaps and loops: their fibres do not say where they are."""
    network = gracethd.Network(2, 3)
    box_of_tray = {
        row["cs_code"]: row.get("cs_bp_code") for row in network.rows("t_cassette")
    }
    boxes = {}
    for row in network.rows("t_position"):
        if "ps_ti_code" not in row:
            boxes[row["ps_code"]] = box_of_tray[row.pop("ps_cs_code")]
    rebuilt = Rebuilt(cr, network.tables)
    cr.execute(f"SELECT id, box FROM {PREFIX}_placed WHERE box IS NOT NULL")
    found = {
        rebuilt.codes["t_position"][line]: rebuilt.codes["t_ebp"][box]
        for line, box in cr.fetchall()
    }
    assert found == boxes


def test_positions_without_a_fibre_are_not_placed(cr):
    network = gracethd.Network(1, 3, gracethd.PLAIN._replace(spares=3))
    rebuilt = Rebuilt(cr, network.tables)
    positions = network.rows("t_position")
    wired = {row["ps_code"] for row in positions if row.get("ps_1") or row.get("ps_2")}
    cr.execute(f"SELECT id FROM {PREFIX}_placed")
    placed = {rebuilt.codes["t_position"][line] for (line,) in cr.fetchall()}
    assert placed == wired
    assert len(placed) < len(positions)


def test_a_drop_without_ends_finds_its_pto_by_the_preallocation(cr):
    network = gracethd.Network(1, 4)
    box = next(row for row in network.rows("t_ebp") if row["bp_typelog"] == "PTO")
    cable = next(
        row for row in network.rows("t_cable") if row["cb_bp2"] == box["bp_code"]
    )
    fibre = next(
        r for r in network.rows("t_fibre") if r["fo_cb_code"] == cable["cb_code"]
    )
    splice = next(
        r for r in network.rows("t_position") if r["ps_2"] == fibre["fo_code"]
    )
    trays = {
        r["cs_code"]
        for r in network.rows("t_cassette")
        if r.get("cs_bp_code") == box["bp_code"]
    }
    network.tables["t_position"] = [
        row for row in network.rows("t_position") if row.get("ps_cs_code") not in trays
    ]
    cable["cb_bp2"] = cable["cb_nd2"] = ""
    splice["ps_preaff"] = box["bp_sf_code"]
    ends = [route[3] for route in Rebuilt(cr, network.tables).routes().values()]
    assert ends.count(box["bp_code"]) == 1


def test_the_transport_fibres_of_a_mixed_cable_begin_no_route(cr):
    """A cable of transport and distribution arrives in a drawer as ps_1."""
    block = Block()
    place, pm = block.point((0.0, 0.0), "C"), block.point((1.0, 1.0), "C")
    arriving = block.cable("TD", 12, place, pm).fibres
    jumper = block.cable("NC", 2, pm, pm, typephy="J").fibres[0]
    leaving = block.cable("TD", 12, pm, place).fibres
    block.position(1, arriving[0], jumper, "CO", ps_ti_code="TI1")
    start = block.position(2, jumper, leaving[0], "CO", ps_ti_code="TI1")
    assert list(Rebuilt(cr, block.tables).routes()) == [start]


@pytest.mark.parametrize("drawer", [{}, {"ps_ti_code": "TI1"}])
def test_pigtails_lead_from_the_drawer_to_the_cables(cr, drawer):
    """Connectors in front, pigtails to the splices behind, at the PM and at the NRO."""
    block = Block()
    pm, nro = block.point((1.0, 1.0), "C"), block.site((0.0, 0.0), "BAT", "NRO", "NRO1")
    transport = block.cable("TR", 12, nro, pm).fibres[0]
    fibre = block.cable("DI", 12, pm, nro).fibres[0]
    cords = [block.cable("NC", 2, pm, pm, typephy="J").fibres[0] for _rank in range(4)]
    front = block.drawer(nro.local, "TIR-NRO", 12)
    ends = [
        block.position(6, "", cords[3], "CO", ps_ti_code=front),
        block.position(
            7, cords[3], transport, "PI", **drawer and {"ps_ti_code": front}
        ),
    ]
    block.position(1, transport, cords[0], "PI", **drawer)
    block.position(2, cords[0], cords[1], "CO", ps_ti_code="TI1")
    codes = [
        block.position(3, cords[1], cords[2], "CO", ps_ti_code="TI2"),
        block.position(4, cords[2], fibre, "PI", **drawer),
        block.position(5, fibre, "", "AT"),
    ]
    rebuilt = Rebuilt(cr, block.tables)
    [route] = rebuilt.routes().values()
    assert route[:3] == (codes, [cords[2], fibre], ("free", ""))
    assert route[5] == transport
    assert rebuilt.links() == {(*ends, cords[3], transport, "nro")}


def test_of_fibres_with_one_code_the_first_counts(cr):
    network = gracethd.Network(1, 6)
    fibres = network.rows("t_fibre")
    fibres += [dict(row, fo_cb_code="CB0") for row in fibres[::3]]
    assert Rebuilt(cr, network.tables).routes() == wanted_routes(network)


@CHECKED
@given(network=gracethd_strategies.networks)
def test_routes_of_any_network(cr, network):
    rebuilt = Rebuilt(cr, network.tables)
    assert rebuilt.routes() == wanted_routes(network)
    assert rebuilt.links() == wanted_links(network)


# -- tangles: any positions, and a walker that knows nothing of SQL --------------------


def tangle_rows(block, place, positions):
    """Rows of a tangle; return the codes of its fibres and of its positions."""
    cable = block.cable("DI", 8, place, Place("ND0", (1.0, 1.0)))
    fibres = [*cable.fibres, block.code("FO"), block.code("FO"), ""]
    codes = []
    for rank, (first, second, waits) in enumerate(positions):
        columns = {} if rank else {"ps_ti_code": "TI1"}
        code = block.position(
            rank,
            fibres[-1 if first is None else first],
            fibres[-1 if second is None else second],
            "AT" if waits else "EP",
            **columns,
        )
        codes.append(code)
    return fibres, codes


def repeated(positions):
    """Return the ranks of the positions that have the same fibres as an earlier one."""
    ranks = {}
    for rank, (first, second, _waits) in enumerate(positions):
        fibres = [fibre for fibre in (first, second) if fibre is not None]
        if fibres and max(fibres) < 8:
            # The first is of the drawer, where a fibre waits otherwise.
            is_apart = len(fibres) == 1 and not rank
            ranks.setdefault((first, second, is_apart), []).append(rank)
    return {rank for found in ranks.values() for rank in found[1:]}


def walked(positions):
    """Return the ranks of the positions and fibres of the route, and its end."""
    way, fibres, left_out = [0], [positions[0][1]], repeated(positions)
    while True:
        fibre, last = fibres[-1], way[-1]
        for near in (0, 1):
            ahead = [
                rank
                for rank, position in enumerate(positions)
                if position[near] == fibre and rank not in (last, *left_out)
            ]
            if ahead:
                break
        if len(ahead) != 1:
            return way, fibres, ("gap", "branch" if ahead else "nothing")
        way.append(ahead[0])
        position = positions[ahead[0]]
        after = position[1 - near]
        if after is not None and after < 8:
            if after in fibres:
                return way, fibres, ("loop", "")
            fibres.append(after)
            continue
        if after is not None:
            return way, fibres, ("gap", "absent")
        return way, fibres, ("free", "") if position[2] else ("gap", "open")


@CHECKED
@given(tangles=st.lists(gracethd_strategies.tangles, min_size=1, max_size=40))
def test_any_positions_end_as_a_plain_walk_does(cr, tangles):
    block, wanted = Block(), {}
    place = block.point((0.0, 0.0), "C")
    for positions in tangles:
        fibres, codes = tangle_rows(block, place, positions)
        way, passed, end = walked(positions)
        wanted[codes[0]] = (
            [codes[rank] for rank in way],
            [fibres[rank] for rank in passed],
            end,
        )
    found = Rebuilt(cr, block.tables).routes()
    assert {code: route[:3] for code, route in found.items()} == wanted


def test_a_line_without_end_is_cut(cr):
    """A chain of a thousand fibres costs no more than the longest line does."""
    block = Block()
    place = block.point((0.0, 0.0), "C")
    cable = block.cable("DI", 1000, place, Place("ND0", (1.0, 1.0)))
    block.position(1, "", cable.fibres[0], "CO", ps_ti_code="TI1")
    for before, after in zip(cable.fibres, cable.fibres[1:], strict=False):
        block.position(1, before, after, "EP")
    ((way, _fibres, end, *_more),) = Rebuilt(cr, block.tables).routes().values()
    assert end == ("gap", "long")
    assert len(way) == 201
