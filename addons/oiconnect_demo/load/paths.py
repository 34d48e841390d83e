"""Paths of the demo: two cables in a row, fibres of links, patches at the PMs."""

from collections import defaultdict

from ..plan.network import COLOURS

# From this PM, the third cable goes to a splice box, another one from there on.
LONG_PM, LONG_CABLE = "OICN-01007-0001", 3
BOX = "BPE-01007-0012"
PER_OPERATOR, SPLITTER = 4, 32


def make_fibres(loader, cables, boxes, splice_box):
    """Make the fibres of the plan; return the last one of each strand."""
    strands = loader.made.strands
    long = [s for s in strands if (s.box.pm, s.cable) == (LONG_PM, LONG_CABLE)]
    first = [_fibre(s, cables[s.box.pm, s.cable], None) for s in long]
    cables = cables | {(LONG_PM, LONG_CABLE): _distribution_cable(loader)}
    last = [_fibre(s, cables[s.box.pm, s.cable], boxes[s.box]) for s in strands]
    ids = loader._create_many("oiconnect.pbo.fibre", first + last)
    first, last = ids[: len(long)], ids[len(long) :]
    beyond = dict(zip(strands, last, strict=True))
    _splice(loader, dict(zip(long, first, strict=True)), beyond, splice_box)
    return last


def _fibre(strand, cable_id, pbo_id):
    return {
        "cable_id": cable_id,
        "sequence": strand.rank,
        "tube": strand.tube,
        "fibre": strand.fibre,
        "pbo_id": pbo_id,
    }


def _distribution_cable(loader):
    """Return the id of the cable beyond the splice box."""
    cable = {
        "reference": f"CB-{LONG_PM[5:]}-{LONG_CABLE:02d}-D",
        "pm_id": loader.pms[LONG_PM].id,
        "tube_count": 12,
        "fibres_per_tube": 12,
        "length_m": 310,
    }
    return loader._create("oiconnect.pbo.cable", [cable])[0]


def _splice(loader, first, last, splice_box):
    """Splice the long strands, all but one whose customer waits."""
    forgotten = next(strand for strand in first if strand.pto)
    loader._create(
        "oiconnect.splice",
        [
            {
                "upstream_id": fibre_id,
                "downstream_id": last[strand],
                "splice_box_id": splice_box,
                "tray": str(rank // 12 + 1),
                "slot": rank % 12 + 1,
            }
            for rank, (strand, fibre_id) in enumerate(first.items())
            if strand is not forgotten
        ],
    )


# ----------------------------------------------------------------------
# Links
# ----------------------------------------------------------------------


def make_link_fibres(loader, links):
    """Make the fibres of links, some of them held by each operator present.

    :param links: ``{link: (capacity, [operator codes, or None])}``
    """
    loader._create_many(
        "oiconnect.pm.link.fibre",
        [
            _link_fibre(loader, link, rank, operators)
            for link, (capacity, operators) in links.items()
            for rank in range(capacity)
        ],
    )
    loader.env["oiconnect.pm.link"].union(*links)._count_fibres()


def _link_fibre(loader, link, rank, operators):
    code = rank // PER_OPERATOR < len(operators) and operators[rank // PER_OPERATOR]
    return {
        "link_id": link.id,
        "pm_id": link.pm_id.id,
        "prdm_id": link.prdm_id.id,
        "number": rank + 1,
        "tube": COLOURS[rank // 12 % 12],
        "fibre": COLOURS[rank % 12],
        "nro_head": f"TO-{rank // 144 + 1}",
        "nro_position": f"{rank + 1:03d}",
        "pm_head": f"TT-{rank // 144 + 1}",
        "pm_position": f"{rank + 1:03d}",
        "attenuation_db": round(0.8 + rank % 7 / 10, 1),
        "state": "reserved" if code else "free",
        "operator_id": code and loader.operators[code].id,
    }


def patch(env, network):
    """Feed the positions in service from the fibres of their operator."""
    routes = env["oiconnect.route"].search(
        [
            ("network_id", "=", network.id),
            ("state", "in", ["reserved", "used"]),
            ("position_id", "!=", False),
        ],
        order="pm_id, operator_id, sequence, id",
    )
    fibres = defaultdict(list)
    for fibre in env["oiconnect.pm.link.fibre"].search(
        [("network_id", "=", network.id), ("operator_id", "!=", False)]
    ):
        fibres[fibre.pm_id, fibre.operator_id].append(fibre)
    used = []
    for key, group in routes.grouped(lambda r: (r.pm_id, r.operator_id)).items():
        for rank, fibre in enumerate(fibres[key]):
            if fed := group[rank * SPLITTER : (rank + 1) * SPLITTER]:
                fed.position_id.link_fibre_id = fibre
                used.append(fibre.id)
    # Links count their fibres at each write
    env["oiconnect.pm.link.fibre"].browse(used).write({"state": "used"})
