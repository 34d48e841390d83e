"""A file of ten batches: answered line by line, and no one waits for its end."""

import csv
import io

import pytest
import small_network
from odoo_process import environment, registry

pytestmark = pytest.mark.slow
LINES = 10_000
BIG = "OITB_OCB1_ACCES_CMD_ACCES_V13_20260314_01.csv"
SMALL = "OITB_OCB2_ACCES_CMD_ACCES_V13_20260314_01.csv"


@pytest.fixture
def base(empty_database):
    with registry(empty_database) as found:
        found.ids = prepare(found)
        yield found


def prepare(found):
    with environment(found) as env:
        made = small_network.make(env, "OITB", "OCB1", "OCB2")
        return [
            small_network.make_endpoint(env, made, operator).id
            for operator in made["operators"]
        ]


def content(count, bad=()):
    """A file whose lines of rank ``bad`` lack their PM."""
    from odoo.addons.oiconnect_interop.tests.common import HEADER_V13

    text = io.StringIO()
    writer = csv.DictWriter(text, HEADER_V13, delimiter=";", lineterminator="\r\n")
    writer.writeheader()
    for rank in range(count):
        writer.writerow(
            {
                "ReferenceCommandePriseInterneOC": f"BIG-{rank:06d}",
                "TypeRacco": "STOC",
                "NomClient": "EXEMPLE",
                "ContactClient1": "0600000001",
                "ReferencePm": "" if rank in bad else "OITB-PM-1",
                "PriseExistante": "N",
                "TypeCommandeDemande": "AUTO",
                "DateCommandePrise": "20260314 10:05",
                "IdentifiantImmeuble": "OITB/B/1",
            }
        )
    return text.getvalue().encode()


def take_in(base, rank, name, data):
    with environment(base) as env:
        endpoint = env["oiconnect.endpoint"].browse(base.ids[rank])
        return env["oiconnect.exchange"]._receive_file(endpoint, name, data).id


def step(base, exchange_id):
    """One job: True when the file has come to its end."""
    with environment(base) as env:
        exchange = env["oiconnect.exchange"].browse(exchange_id)
        exchange._process()
        return exchange._is_settled()


def test_a_big_file(base):
    bad = set(range(0, LINES, 1000))
    big = take_in(base, 0, BIG, content(LINES, bad))
    assert not step(base, big)
    assert not step(base, big)
    # Another operator's file is processed between two batches of the big one.
    small = take_in(base, 1, SMALL, content(3))
    while not step(base, small):
        pass
    while not step(base, big):
        pass
    with environment(base) as env:
        exchange = env["oiconnect.exchange"].browse(big)
        assert exchange.state == "in_partial"
        assert (exchange.done_count, exchange.refused_count) == (LINES, len(bad))
        errors = exchange.error_ids
        assert sorted(errors.mapped("line")) == sorted(rank + 2 for rank in bad)
        assert set(errors.mapped("column")) == {"ReferencePm"}
        [receipt] = env["oiconnect.outbound"]._drain(exchange.operator_id)
        assert receipt.line_count == LINES
        rows = csv.DictReader(io.StringIO(receipt._content().decode()), delimiter=";")
        answers = [
            (row["ReferenceCommandePriseInterneOC"], row["EtatArCommandePrise"])
            for row in rows
        ]
    assert answers == [
        (f"BIG-{rank:06d}", "KO" if rank in bad else "OK") for rank in range(LINES)
    ]
