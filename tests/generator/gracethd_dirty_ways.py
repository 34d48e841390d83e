"""Faults of the ways of a dirty delivery: routes, circles of fibres, transport."""

from collections import Counter
from collections.abc import Callable

from . import gracethd_truth as truth
from .gracethd_dirty_delivery import Delivery, chosen, fault
from .gracethd_dirty_truth import UNLISTED, Splice
from .gracethd_rows import OWNER, Row
from .gracethd_truth import Route

# -- routes that break off -------------------------------------------------------------


@fault
def route_not_continued(delivery: Delivery, number: int) -> None:
    """No position takes its fibre on: that of a splice, or where it waits."""
    route = _route(delivery, number, lambda route: len(_taken_on(route)) > 0)
    code = chosen(_taken_on(route), number // 3)
    delivery.remove("t_position", delivery.row("t_position", code))
    delivery.truth.splices.pop(code, None)
    _break_off(delivery, route)


@fault
def route_open(delivery: Delivery, number: int) -> None:
    """Its last position goes nowhere, and does not say that the fibre waits."""
    route = _route(delivery, number, _is_free)
    row = _touched(delivery, route.positions[-1])
    row["ps_fonct"] = "EP"
    _break_off(delivery, route)


@fault
def route_fibre_absent(delivery: Delivery, number: int) -> None:
    """A splice goes on with a fibre that is not in the delivery."""
    route = _route(delivery, number, lambda route: len(route.fibres) > 1)
    rank = number // 3 % (len(route.fibres) - 1)
    row = _touched(delivery, route.positions[rank + 1])
    row["ps_2"] = f"FO98{number:010}"
    _break_off(delivery, route)


@fault
def route_branches(delivery: Delivery, number: int) -> None:
    """A second position takes its fibre on: to one that is used nowhere."""
    route = _route(delivery, number, lambda route: len(route.fibres) > 1)
    rank = number // 3 % (len(route.fibres) - 1)
    row = _touched(delivery, route.positions[rank + 1])
    listed = {row["fo_code"] for row in _spare_fibres(delivery, ("TR", *UNLISTED))}
    other = chosen(_spare_fibres(delivery, ("TR", "NC")), number)
    box = delivery.box_of(row)
    if not box:
        raise LookupError(route.positions[rank + 1])
    code = delivery.add("t_position", row | {"ps_2": other["fo_code"]})
    if other["fo_code"] in listed:
        splice = Splice(route.fibres[rank], delivery.codes[id(other)], box)
        delivery.truth.splices[code] = splice
    _break_off(delivery, route)


@fault
def route_comes_back(delivery: Delivery, number: int) -> None:
    """Its last position leads to the fibre behind the drawer."""
    route = _route(delivery, number, _is_free)
    row = _touched(delivery, route.positions[-1])
    row |= {"ps_2": route.fibres[0], "ps_fonct": "EP"}
    delivery.truth.splices[route.positions[-1]] = Splice(
        route.fibre, route.fibres[0], ""
    )
    _break_off(delivery, route)


def _route(
    delivery: Delivery, number: int, condition: Callable[[Route], bool]
) -> Route:
    """Return a route that does not break off, and whose positions have no fault."""
    whole = {
        code
        for row in delivery.tables["t_position"]
        if (code := delivery.codes.get(id(row))) and id(row) not in delivery.touched
    }
    found = [
        route
        for route in delivery.network.routes
        if delivery.truth.routes[route.positions[0]]
        and whole.issuperset(route.positions)
        and condition(route)
    ]
    return chosen(found, number)


def _is_free(route: Route) -> bool:
    return route.end == truth.FREE


def _taken_on(route: Route) -> list[str]:
    """Return the positions without which a route breaks off."""
    last = len(route.positions) if _is_free(route) else len(route.fibres)
    return route.positions[1:last]


def _touched(delivery: Delivery, position: str) -> Row:
    row = delivery.row("t_position", position)
    delivery.touched.add(id(row))
    return row


def _break_off(delivery: Delivery, route: Route) -> None:
    delivery.truth.routes[route.positions[0]] = None


# -- circles ---------------------------------------------------------------------------


@fault
def circle(delivery: Delivery, number: int) -> None:
    """Two fibres are spliced to each other, and to nothing else."""
    spares = _spare_fibres(delivery, ("TR", *UNLISTED))
    first = chosen(spares, number)
    last = chosen([row for row in spares if row is not first], number)
    fibres = delivery.codes[id(first)], delivery.codes[id(last)]
    trays = _trays(delivery)
    _close_circle(delivery, fibres, [chosen(trays, number)] * 2)


@fault
def circle_of_lines(delivery: Delivery, number: int) -> None:
    """Two transport fibres are a circle, and each leads to the drawer of a PM."""
    trays = _trays(delivery)
    first = chosen(trays, number)
    boxes = [row for row in trays if row["cs_bp_code"] != first["cs_bp_code"]]
    last = chosen(boxes, number)
    link = chosen(delivery.network.links, number)
    head = chosen(
        [
            row
            for row in delivery.tables["t_position"]
            if row["ps_1"] == link.fibre and row.get("ps_ti_code")
        ],
        0,
    )
    fibres = _lay(delivery, str(first["cs_bp_code"]), str(last["cs_bp_code"]))
    _close_circle(delivery, fibres, [first, last])
    for fibre in fibres:
        delivery.add("t_position", head | {"ps_1": fibre, "ps_2": ""})


def _lay(delivery: Delivery, first: str, last: str) -> tuple[str, str]:
    """Lay a transport cable of two fibres between two boxes."""
    cable = delivery.add(
        "t_cable",
        {
            "cb_typephy": "C",
            "cb_typelog": "TR",
            "cb_capafo": 2,
            "cb_bp1": first,
            "cb_bp2": last,
            "cb_prop": OWNER,
        },
    )
    first, last = (
        delivery.add(
            "t_fibre",
            {"fo_cb_code": cable, "fo_nincab": n, "fo_numtub": 1, "fo_nintub": n},
        )
        for n in (1, 2)
    )
    delivery.truth.records["pbo.cable"].add(cable)
    delivery.truth.records["pbo.fibre"] |= {first, last}
    return first, last


def _close_circle(
    delivery: Delivery, fibres: tuple[str, str], trays: list[Row]
) -> None:
    """Splice two fibres twice; no splice of them can be made."""
    for tray, (up, down) in zip(trays, (fibres, fibres[::-1]), strict=True):
        row: Row = {
            "ps_1": up,
            "ps_2": down,
            "ps_type": "SFU",
            "ps_fonct": "EP",
            "ps_cs_code": tray["cs_code"],
        }
        code = delivery.add("t_position", row)
        delivery.truth.splices[code] = Splice(up, down, str(tray["cs_bp_code"]))


def _trays(delivery: Delivery) -> list[Row]:
    """Return the trays of splice boxes."""
    boxes = delivery.truth.records["splice.box"]
    return [row for row in delivery.tables["t_cassette"] if row["cs_bp_code"] in boxes]


def _spare_fibres(delivery: Delivery, unwanted: tuple[str, ...]) -> list[Row]:
    """Return the fibres that no position has, but for some kinds of cables."""
    used = {
        row[side] for row in delivery.tables["t_position"] for side in ("ps_1", "ps_2")
    }
    kinds = {
        row["cb_code"]: row.get("cb_typelog") for row in delivery.tables["t_cable"]
    }
    return [
        row
        for row in delivery.tables["t_fibre"]
        if row["fo_code"] not in used
        and id(row) not in delivery.touched | delivery.gone
        and kinds.get(row["fo_cb_code"]) not in unwanted
    ]


# -- transport -------------------------------------------------------------------------


@fault
def nro_unknown(delivery: Delivery, number: int) -> None:
    """Nothing says that the drawer is in an NRO: links are walked from the PM."""
    delivery.forget_nro()
    delivery.name_transport()
    for row in delivery.tables["t_sitetech"]:
        if row["st_typelog"] == "NRO":
            row["st_typelog"] = "CLIENT"


@fault
def transport_written_back(delivery: Delivery, number: int) -> None:
    """Positions of the links name the fibre towards the PM first: one in so many.

    A fibre that is split has so many positions that their order alone says the way.
    """
    step = number % 3 + 1
    positions = delivery.tables["t_position"]
    taken = Counter(row["ps_1"] for row in positions if row.get("ps_ti_code"))
    codes = [
        code
        for link in delivery.network.links
        if taken[link.fibre] < 2
        for code in link.positions
    ]
    wanted = set(codes[number % step :: step])
    for row in positions:
        if delivery.codes.get(id(row)) in wanted:
            row["ps_1"], row["ps_2"] = row["ps_2"], row["ps_1"]
