"""Splice boxes of the demo, its transport and drop cables, and lines of them all."""

from odoo.addons.oiconnect_infra.geo.line import as_text
from odoo.addons.oiconnect_infra.geo.projection import to_wgs84

from . import paths

# The PRDM whose NRO feeds its PMs by transport cables, spliced in one box
TRUNK_NRO = "NRO-01345-01"
TRUNK_FIBRES = 12
# Sockets of each PM whose drop cable is known
DROPS = 6


def make_box(loader):
    """Make the splice box on the long cable; return its id."""
    pm = loader.pms[paths.LONG_PM]
    box = {
        "reference": paths.BOX,
        "kind": "bpe",
        "physical_type": "B144",
        "state": "deployed",
        "place": "chamber",
        "localisation": "Chambre L2T, trottoir côté pair",
        "tray_count": 12,
        "pm_id": pm.id,
        "commune_id": pm.commune_id.id,
        "projection": "RGF93",
        "x": pm.x + 90,
        "y": pm.y + 40,
    }
    return loader._create("oiconnect.splice.box", [box])[0]


def complete(loader, box, ptos):
    """Tell the ends and the lines of the cables, and make those around them."""
    _lay_distribution(loader, box)
    _make_transport(loader)
    _make_drops(loader, ptos)


def _line(*points):
    """Return the line of a cable along streets: through Lambert-93 points."""
    corners = [points[0]]
    for x, y in points[1:]:
        corners += [(x, corners[-1][1]), (x, y)]
    xs, ys = zip(*corners, strict=True)
    latitudes, longitudes = to_wgs84("RGF93", xs, ys)
    return as_text(zip(longitudes, latitudes, strict=True))


# ----------------------------------------------------------------------
# Distribution
# ----------------------------------------------------------------------


def _lay_distribution(loader, box_id):
    cables = loader.env["oiconnect.pbo.cable"].search(
        [("network_id", "=", loader.network.id), ("kind", "=", "distribution")],
        order="id",
    )
    box = loader.env["oiconnect.splice.box"].browse(box_id)
    for cable in cables:
        pbos, first = cable.fibre_ids.pbo_id, cable.pm_id
        points = [(pbo.x, pbo.y) for pbo in pbos]
        start, end = {"start_kind": "pm"}, {"end_pbo_id": pbos[-1:].id}
        if cable.upper_splice_ids:
            start, first = {"start_box_id": box.id}, box
        if not pbos:
            end, points = {"end_box_id": box.id}, [(box.x, box.y)]
        cable.write({**start, **end, "line": _line((first.x, first.y), *points)})


# ----------------------------------------------------------------------
# Transport
# ----------------------------------------------------------------------


def _make_transport(loader):
    """Lay a trunk from the NRO to a box, and a cable from there to each PM."""
    nro = loader._by("oiconnect.nro", "reference")[TRUNK_NRO]
    pms = [pm for pm in loader.pms.values() if pm.prdm_id.nro_id == nro]
    place = (nro.x + 140, nro.y - 110)
    [box] = loader._create(
        "oiconnect.splice.box",
        [
            {
                "reference": "BPE-01345-T001",
                "kind": "bpe",
                "physical_type": "B288",
                "state": "deployed",
                "place": "chamber",
                "localisation": "Chambre L3T devant l'ancienne poste",
                "tray_count": 24,
                "nro_id": nro.id,
                "commune_id": nro.commune_id.id,
                "projection": "RGF93",
                "x": place[0],
                "y": place[1],
            }
        ],
    )
    size = {"kind": "transport", "tube_count": 12, "fibres_per_tube": 12}
    [trunk] = loader._create(
        "oiconnect.pbo.cable",
        [
            {
                **size,
                "reference": "CT-01345-T001",
                "start_nro_id": nro.id,
                "end_box_id": box,
                "length_m": 260,
                "line": _line((nro.x, nro.y), place),
            }
        ],
    )
    branches = loader._create(
        "oiconnect.pbo.cable",
        [
            {
                **size,
                "reference": f"CT-{pm.reference[5:]}",
                "pm_id": pm.id,
                "start_box_id": box,
                "end_kind": "pm",
                "length_m": 900 + 150 * rank,
                "line": _line(place, (pm.x, pm.y)),
            }
            for rank, pm in enumerate(pms)
        ],
    )
    _splice_trunk(loader, trunk, branches[0], box)


def _splice_trunk(loader, trunk, branch, box):
    """Splice the first tube of the trunk; of the second, fibres pass uncut."""
    fibres = [
        loader._create(
            "oiconnect.pbo.fibre",
            [
                {"cable_id": cable, "sequence": rank, **_place(rank)}
                for rank in range(1, 2 * TRUNK_FIBRES + 1)
            ],
        )
        for cable in (trunk, branch)
    ]
    _follow_link(loader, branch, fibres[1])
    loader._create(
        "oiconnect.splice",
        [
            {
                "upstream_id": upper,
                "downstream_id": lower,
                "splice_box_id": box,
                "kind": "fusion" if rank <= TRUNK_FIBRES else "uncut",
                "tray": "1" if rank <= TRUNK_FIBRES else False,
                "slot": rank if rank <= TRUNK_FIBRES else 0,
            }
            for rank, (upper, lower) in enumerate(zip(*fibres, strict=True), 1)
        ],
    )


def _follow_link(loader, branch, fibres):
    """Tell which fibres of the branch those of the PM's link are."""
    pm = loader.env["oiconnect.pbo.cable"].browse(branch).pm_id
    link_fibres = loader.env["oiconnect.pm.link.fibre"].search(
        [("pm_id", "=", pm.id)], limit=len(fibres)
    )
    for link_fibre, fibre in zip(link_fibres, fibres, strict=False):
        link_fibre.transport_fibre_id = fibre


def _place(rank):
    tube, fibre = divmod(rank - 1, TRUNK_FIBRES)
    return {"tube": paths.COLOURS[tube], "fibre": paths.COLOURS[fibre]}


# ----------------------------------------------------------------------
# Drops
# ----------------------------------------------------------------------


def _make_drops(loader, ptos):
    records = loader.env["oiconnect.pto"].browse(ptos.values())
    by_pm = records.filtered("pbo_id").grouped(lambda pto: pto.pbo_id.pm_id)
    loader._create(
        "oiconnect.pbo.cable",
        [
            {
                "reference": f"BR-{pto.reference}",
                "kind": "drop",
                "pm_id": pm.id,
                "start_pbo_id": pto.pbo_id.id,
                "end_pto_id": pto.id,
                "tube_count": 1,
                "fibres_per_tube": 1,
                "length_m": 25 + 5 * rank,
                "line": _drop_line(pto),
            }
            for pm, own in by_pm.items()
            for rank, pto in enumerate(own[:DROPS])
        ],
    )


def _drop_line(pto):
    """Return the line to the building, none where both are at one place."""
    ends = [(place.x, place.y) for place in (pto.pbo_id, pto.building_id)]
    return ends[0] != ends[1] and _line(*ends)
