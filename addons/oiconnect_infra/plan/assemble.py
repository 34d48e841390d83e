"""From rows of the database to what a plan shows."""

from .data import Building, Link, Pbo, Plan, Plane, Segment, tree

# States of a building: how the plan draws them
_STATES = {
    "target": "planned",
    "signed": "planned",
    "on_demand": "on_demand",
    "on_demand_deploying": "deploying",
    "deploying": "deploying",
    "deployed": "deployed",
}


def assemble(head, pbos, buildings, drops, cables, links):
    """Return the ``Plan`` of a PM.

    All are dicts: ``head`` of the PM, the others lists of rows. What has a place has
    ``latitude`` and ``longitude``, what dates the plan ``changed``.
    """
    located = [head, *pbos, *buildings]
    ground = _ground(located)
    place = _near(head, ground)
    by_pbo = {row["id"]: _near(row, ground) for row in pbos}
    by_building = {row["id"]: _near(row, ground) for row in buildings}
    return Plan(
        reference=head["reference"],
        network=head["network"],
        commune=head["commune"],
        date=_last_date([*located, *links]),
        place=place,
        buildings=[
            _building(row, by_building[row["id"]])
            for row in buildings
            if by_building[row["id"]]
        ],
        pbos=[
            Pbo(*by_pbo[row["id"]], row["reference"])
            for row in pbos
            if by_pbo[row["id"]]
        ],
        cables=[part for row in cables for part in _cable(row, place, by_pbo)],
        drops=[
            Segment(*by_pbo[row["pbo_id"]], *by_building[row["building_id"]])
            for row in drops
            if by_pbo.get(row["pbo_id"]) and by_building.get(row["building_id"])
        ],
        links=[_link(row, ground) for row in links],
        counts={
            "buildings": len(buildings),
            "dwellings": sum(row["dwellings"] or 0 for row in buildings),
            "pbos": len(pbos),
            "cables": len(cables),
            "links": len(links),
        },
        missing=[place, *by_pbo.values(), *by_building.values()].count(None),
    )


def _ground(located):
    """Return the plane around the object in the middle.

    Not around the PM, nor around the centre: a place that is wrong, be it that of the
    PM, does not draw the others away.
    """
    places = [(row["latitude"], row["longitude"]) for row in located if row["latitude"]]
    if not places:
        return None
    middle = len(places) // 2
    return Plane(*(sorted(axis)[middle] for axis in zip(*places, strict=True)))


def _near(row, ground):
    return ground.near(row["latitude"], row["longitude"]) if ground else None


def _last_date(rows):
    """Return the day of the last change that operators receive, as text."""
    dates = [row["changed"] for row in rows if row["changed"]]
    return max(dates).strftime("%d/%m/%Y") if dates else "–"


def _building(row, place):
    return Building(
        *place,
        row["number"] or "",
        row["street"] or "",
        row["dwellings"] or 0,
        _STATES[row["state"]],
    )


def _cable(row, place, by_pbo):
    """Return the segments of a cable: from the PM, or from where it is spliced."""
    starts = sorted(filter(None, (by_pbo.get(pbo) for pbo in row["starts"])))
    start = starts[0] if starts and not row["is_first"] else place
    ends = [by_pbo[pbo] for pbo in row["ends"] if by_pbo.get(pbo)]
    return tree(start, ends) if start else tree(min(ends), ends) if ends else []


def _link(row, ground):
    place = ground.place(row["latitude"], row["longitude"]) if ground else None
    return Link(row["reference"], row["target"] or "", row["length_km"] or 0.0, place)
