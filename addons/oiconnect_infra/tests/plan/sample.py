"""Plans of a fictitious PM, small and large; plain Python, as what draws them."""

from math import cos, pi, sin
from random import Random

STREETS = (
    "RUE DES LILAS",
    "AVENUE JEAN JAURÈS",
    "CHEMIN DU MOULIN",
    "PLACE DE L’ŒUVRE",
)
STATES = ("deployed", "deployed", "deployed", "deploying", "on_demand", "planned")
KEYS = """
    title network commune date overview sector sheet scale whole buildings dwellings
    pbos cables links legend pm pbo building_planned building_on_demand
    building_deploying building_deployed number street cable drop link remote
    sector_frame schematic missing left_out
""".split()
WORDS = {key: f"<{key}>" for key in KEYS}


def plan_of(data, count, seed=1, spread=500, **values):
    """Return a plan of ``count`` buildings in streets around the PM.

    :param data: the module ``plan.data``, by whatever name it was imported
    """
    draw = Random(seed)
    buildings, pbos, drops = [], [], []
    while len(buildings) < count:
        start, turn = (
            (draw.gauss(0, spread), draw.gauss(0, spread)),
            draw.uniform(0, pi),
        )
        street = f"{draw.choice(STREETS)} {len(pbos)}"
        for rank in range(min(draw.randint(8, 40), count - len(buildings))):
            along = (rank // 2 * 18, 9 if rank % 2 else -9)
            if rank % 6 == 0:
                place = _place(start, turn, (along[0] + 15, 0))
                pbos.append(data.Pbo(*place, f"PBO-99-001-{len(pbos) + 1:04d}"))
            place = _place(start, turn, along)
            dwellings, state = draw.choice((1, 1, 1, 4, 36)), draw.choice(STATES)
            buildings.append(
                data.Building(*place, str(rank + 1), street, dwellings, state)
            )
            drops.append(data.Segment(*pbos[-1][:2], *place))
    cables = [
        segment
        for rank in range(0, len(pbos), 12)
        for segment in data.tree(
            (0.0, 0.0), [pbo[:2] for pbo in pbos[rank : rank + 12]]
        )
    ]
    counts = {
        "buildings": len(buildings),
        "dwellings": sum(building.dwellings for building in buildings),
        "pbos": len(pbos),
        "cables": len(pbos) // 12 + 1,
        "links": 1,
    }
    parts = {
        "reference": "OICN-99001-0042",
        "network": "Réseau Exemple",
        "commune": "Ville Exemple (99001)",
        "date": "26/07/2026",
        "place": (0.0, 0.0),
        "buildings": buildings,
        "pbos": pbos,
        "cables": cables,
        "drops": drops,
        "links": [data.Link("OICN-LNP-1", "OICN-PRDM-1", 4.2, (4000.0, 2500.0))],
        "counts": counts,
    }
    return data.Plan(**parts | values)


def _place(start, turn, along):
    x, y = start
    return (
        round(x + along[0] * cos(turn) - along[1] * sin(turn), 2),
        round(y + along[0] * sin(turn) + along[1] * cos(turn), 2),
    )
