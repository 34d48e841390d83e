"""Splices of transport lines: each joins what the delivery joins, or none is made."""

from itertools import permutations
from unittest.mock import patch

import breaking_point
import import_jobs
import psycopg2
import pytest
from generator import gracethd_file
from generator.gracethd_file import Form
from gracethd_chain import SPLICES, Chain, circle
from gracethd_network import GracethdNetwork
from odoo_process import environment, registry

ORDERS = ["".join(order) for order in permutations("ABC")]


@pytest.fixture(scope="module")
def base(shared_database):
    with registry(shared_database) as found:
        yield found


class Place(GracethdNetwork):
    """A network that chains are delivered to."""

    def __init__(self, found, version="3.0"):
        super().__init__(found, version)

    def upload(self, chain):
        content = gracethd_file.zipped(chain.tables, Form(self.version))
        return self.upload_file(content)

    def deliver(self, chain):
        content = gracethd_file.zipped(chain.tables, Form(self.version))
        return self.deliver_file(content)

    def splices(self):
        """Return {box: (cable from the NRO side, cable beyond)}."""
        query = """
            SELECT b.reference, cu.reference, cd.reference FROM oiconnect_splice s
              JOIN oiconnect_pbo_fibre u ON u.id = s.upstream_id
              JOIN oiconnect_pbo_fibre d ON d.id = s.downstream_id
              JOIN oiconnect_pbo_cable cu ON cu.id = u.cable_id
              JOIN oiconnect_pbo_cable cd ON cd.id = d.cable_id
              LEFT JOIN oiconnect_splice_box b ON b.id = s.splice_box_id
             WHERE s.network_id = %s"""
        return {box: pair for box, *pair in self.rows(query, self.network_id)}

    def found(self, import_id):
        query = """SELECT message_key, table_name, line, value, params
                     FROM oiconnect_import_error WHERE import_id = %s
                    ORDER BY message_key, table_name, line"""
        return self.rows(query, import_id)

    def link_count(self):
        query = "SELECT count(*) FROM oiconnect_pm_link_fibre WHERE network_id = %s"
        return self.rows(query, self.network_id)[0][0]


def expected(boxes="ABC"):
    return {name: list(SPLICES[name]) for name in boxes}


@pytest.mark.parametrize("order", ORDERS)
def test_each_splice_joins_the_cables_of_its_box(base, order):
    place = Place(base)
    place.deliver(Chain(order))
    assert place.splices() == expected()
    assert place.link_count() == 1


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("lost", ["date", "site", "zone"])
def test_also_when_the_nro_is_lost(base, order, lost):
    """A cell of its local is wrong, or nothing says that the drawer is in an NRO."""
    chain = Chain(order)
    local = chain.tables["t_ltech"][1]
    if lost == "date":
        local["lt_dateins"] = "20191009000000"
    elif lost == "site":
        local["lt_st_code"] = "ST0"
    else:
        chain.tables["t_znro"] = []
        del chain.tables["t_zsro"][0]["zs_zn_code"]
        chain.tables["t_sitetech"][1]["st_typelog"] = "CLIENT"
    place = Place(base)
    place.deliver(chain)
    assert place.splices() == expected()


@pytest.mark.parametrize("boxes", ["A", "AB"])
def test_short_lines_lose_no_splice(base, boxes):
    chain = Chain(boxes, boxes=boxes)
    chain.tables["t_ltech"][1]["lt_st_code"] = "ST0"
    place = Place(base)
    place.deliver(chain)
    assert place.splices() == expected(boxes)


@pytest.mark.parametrize("order", ORDERS)
def test_a_fibre_that_waits_shifts_no_splice(base, order):
    place = Place(base)
    place.deliver(Chain(order, has_nro=False))
    assert place.splices() == expected("BC")


def test_positions_written_back_are_spliced_from_the_pm(base):
    """Nothing but the drawer of the PM says the direction."""
    chain = Chain("BCA")
    chain.tables["t_ltech"][1]["lt_st_code"] = "ST0"
    for row in chain.tables["t_position"]:
        row["ps_1"], row["ps_2"] = row["ps_2"], row["ps_1"]
    place = Place(base, "2.0.2")
    place.deliver(chain)
    assert place.splices() == expected()


def test_a_corrected_delivery_turns_splices_round(base):
    """The network has the splice the other way round: it is undone first."""
    chain = Chain("A", boxes="A")
    place = Place(base)
    place.deliver(chain)
    with environment(base) as env:
        own = [("network_id", "=", place.network_id)]
        splice = env["oiconnect.splice"].search(own)
        pair = splice.upstream_id.id, splice.downstream_id.id
        splice.unlink()
        values = {"upstream_id": pair[1], "downstream_id": pair[0]}
        env["oiconnect.splice"].create(values)
    place.deliver(chain)
    assert place.splices() == expected("A")


def test_a_circle_of_lines_is_left_out(base):
    """Every splice is on a line from the PM, and together they close a circle."""
    place = Place(base)
    import_id = place.deliver(circle())
    assert place.splices() == {}
    keys = [key for key, *_rest in place.found(import_id)]
    assert keys.count("apply_circle") == 2


def test_a_circle_with_a_splice_of_the_network_is_left_out(base):
    """Somebody joined the two ends of the line since."""
    place = Place(base)
    place.deliver(Chain(has_nro=False))
    with environment(base) as env:
        own = [("network_id", "=", place.network_id)]
        splices = env["oiconnect.splice"].search(own)
        last = splices.filtered(lambda item: item.splice_box_id.reference == "C")
        first = (splices - last).upstream_id
        end = last.downstream_id
        last.unlink()
        env["oiconnect.splice"].create(
            {"upstream_id": end.id, "downstream_id": first.id}
        )
    import_id = place.deliver(Chain(has_nro=False))
    assert place.splices() == {"B": list(SPLICES["B"]), None: ["CB84", "CB82"]}
    keys = [key for key, *_rest in place.found(import_id)]
    assert "apply_circle" in keys


# -- failures --------------------------------------------------------------------------


def failed(place, import_id, error):
    """Import a delivery that breaks off; return its state and its message."""
    import_jobs.start(place.registry, import_id)
    with (
        pytest.raises(error),
        environment(place.registry, lang="fr_FR") as env,
    ):
        env["oiconnect.import"].browse(import_id)._run()
    query = "SELECT state, message FROM oiconnect_import WHERE id = %s"
    return place.rows(query, import_id)[0]


def doubtful():
    """A chain with a finding of the check: a box without a place."""
    chain = Chain()
    chain.block.tables["t_ebp"].append(
        {"bp_code": "BP999999999999", "bp_codeext": "SANS-LIEU", "bp_typelog": "BPE"}
    )
    return chain


def test_a_row_that_the_network_refuses_is_named(base):
    from odoo.addons.oiconnect_gracethd.apply import RowRefused, splices

    place = Place(base)
    chain = circle()
    chain.tables["t_ebp"] += doubtful().tables["t_ebp"][-1:]
    import_id = place.upload(chain)
    before = place.written()
    with patch.object(splices, "_leave_out_circles", lambda *args: 0):
        state, message = failed(place, import_id, RowRefused)
    assert state == "failed"
    last = max(
        line
        for line, row in enumerate(chain.tables["t_position"], 2)
        if not row.get("ps_ti_code")
    )
    assert f"la ligne {last} de t_position.csv" in message
    assert "reviendrait sur elle-même" in message
    assert "corrigez" in message.lower()
    assert place.written() == before
    assert "box_without_place" in [key for key, *_rest in place.found(import_id)]


MOMENTS = [*breaking_point.DELIVERING, "applying"]


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize(
    "error", [ValueError("trouble"), psycopg2.InterfaceError("connection closed")]
)
def test_a_failure_at_any_moment_keeps_the_findings(base, moment, error):
    place = Place(base)
    checked = place.upload(doubtful())
    with environment(base) as env:
        env["oiconnect.import"].browse(checked).action_check()
    import_jobs.run(base, checked)
    # What the network cannot take is found by the application, up to its failure
    findings = [
        row
        for row in place.found(checked)
        if moment == "wired" or not row[0].startswith("apply_")
    ]
    assert findings
    assert (moment == "wired") == any(row[0].startswith("apply_") for row in findings)
    import_id = place.upload(doubtful())
    before = place.written()

    def break_off():
        raise error

    with breaking_point.at(moment, break_off):
        state, message = failed(place, import_id, type(error))
    assert state == "failed"
    assert message.startswith("Rien n'a été appliqué")
    assert place.found(import_id) == findings
    assert place.written() == before
    with environment(base, lang="fr_FR") as env:
        record = env["oiconnect.import"].browse(import_id)
        assert record.gracethd_version.startswith("3")
        assert record.gracethd_table_ids
    import_jobs.start(base, import_id)
    import_jobs.run(base, import_id)
    assert place.splices() == expected()


def test_a_failure_at_the_very_end_keeps_the_findings(base):
    place = Place(base)
    import_id = place.upload(doubtful())
    keep = place.registry["oiconnect.import"]._keep_results

    def broken(record, outcome, state, message):
        keep(record, outcome, state, message)
        if state != "failed":
            raise ValueError("trouble")

    with patch.object(place.registry["oiconnect.import"], "_keep_results", broken):
        state, _message = failed(place, import_id, ValueError)
    assert state == "failed"
    assert "box_without_place" in [key for key, *_rest in place.found(import_id)]
    assert place.splices() == {}
