"""One optical path, and what is missing on it. Plain Python."""

from typing import NamedTuple


class Key(NamedTuple):
    """Key of a path: ``route``, else ``position``, else ``fibre``…"""

    kind: str
    id: int


class Gap(NamedTuple):
    """Something that is missing on a path.

    :param code: which, see ``oiconnect.trace``
    :param other: id of the route or of the fibre that the sentence names
    """

    code: str
    other: int | None = None


class Strand(NamedTuple):
    """Fibres spliced end to end, from the PM on, and the path that they are on."""

    key: Key
    head_id: int
    fibres: tuple
    splices: tuple
    tail_route_id: int | None
    position_id: int | None
    position_route_id: int | None

    def starts_path(self, key):
        """Whether the position on the head is the first one of this path."""
        return self.key == key and not self.position_route_id

    @classmethod
    def of(cls, head_id, fibres, splices, routes, position_id, position_route_id):
        """Return the strand, with its key: see ``oiconnect.trace``."""
        tail_route_id = routes[-1] if routes else None
        route_id = tail_route_id or position_route_id
        if route_id:
            key = Key("route", route_id)
        elif position_id:
            key = Key("position", position_id)
        else:
            key = Key("fibre", head_id)
        return cls(
            key,
            head_id,
            tuple(fibres),
            tuple(splices or ()),
            tail_route_id,
            position_id,
            position_route_id,
        )


class Path(NamedTuple):
    """A path from the link fibre to the connector of the PTO.

    ``upper`` is the strand behind the position, ``lower`` the one that ends at the
    PBO: the same when nothing is missing between, and then ``lower`` is left out.
    """

    key: Key
    route_id: int | None
    position_id: int | None
    link_fibre_id: int | None
    upper: Strand | None
    lower: Strand | None
    pto_id: int | None
    connector: int | None
    gaps: tuple

    @property
    def strands(self):
        return [strand for strand in (self.upper, self.lower) if strand]

    @property
    def fibres(self):
        """Ids of the fibres, from the PM on."""
        return [fibre for strand in self.strands for fibre in strand.fibres]

    @property
    def splices(self):
        return [splice for strand in self.strands for splice in strand.splices]

    @property
    def is_continuous(self):
        """From the position to the last fibre."""
        return not {gap.code for gap in self.gaps} & BREAKS

    @property
    def points(self):
        """Parts of the path: ``(kind, id)`` of each."""
        parts = [("fibre", fibre) for fibre in self.fibres]
        parts += [("splice", splice) for splice in self.splices]
        parts += [
            (kind, part)
            for kind in ("route", "position", "link_fibre", "pto")
            if (part := getattr(self, f"{kind}_id"))
        ]
        parts += [("position", position) for position in self.other_positions]
        return parts

    @property
    def other_positions(self):
        """Ids of positions that start a strand and that no route has."""
        return [
            strand.position_id
            for strand in self.strands
            if strand.position_id not in (None, self.position_id)
            and strand.position_route_id in (None, self.route_id)
        ]


# What stops the light between the position and the PBO.
BREAKS = {
    "no_position",
    "no_first_fibre",
    "unknown_first_fibre",
    "missing_splice",
    "crossed",
    "shared",
    "no_last_fibre",
    "goes_on",
    "not_first",
}
# Normal as long as no customer is served.
TOLERATED_GAPS = {
    "not_patched",
    "unused_link_fibre",
    "no_pto",
    "no_route",
    "unrecorded_position",
}


class Ends(NamedTuple):
    """Both ends of one path, as the query tells them."""

    kind: str
    id: int
    route_id: int | None
    position_id: int | None
    link_fibre_id: int | None
    has_cable: bool | None
    first_id: int | None
    last_id: int | None
    last_pbo_id: int | None
    pto_id: int | None
    connector: int | None
    is_transport: bool | None = None


def assemble(ends, strands, feeds):
    """Return the path between two ends, with its gaps.

    :param strands: ``{fibre id: its strand}``
    :param feeds: ``{position id: link fibre id}`` of positions that no route names
    """
    key = Key(ends.kind, ends.id)
    upper, lower = strands.get(ends.first_id), strands.get(ends.last_id)
    position_id, link_fibre_id = ends.position_id, ends.link_fibre_id
    if not position_id and lower and lower.starts_path(key):
        position_id = lower.position_id
        link_fibre_id = feeds.get(position_id)
    gaps = []
    if position_id and not link_fibre_id:
        gaps.append(Gap("not_patched"))
    _add_start_gaps(gaps, ends, position_id, upper, key)
    if upper and lower and lower is not upper and upper.key == lower.key == key:
        gaps.append(Gap("missing_splice"))
        if lower.position_id:
            gaps.append(Gap("other_position", lower.position_id))
    _add_end_gaps(gaps, ends, lower, key)
    if ends.is_transport:
        # Between the NRO and PMs: it starts at no module, and reaches no PBO.
        gaps.clear()
    return Path(
        key,
        ends.route_id,
        position_id,
        link_fibre_id,
        upper if upper and upper.key == key else None,
        lower if lower and lower is not upper and lower.key == key else None,
        ends.pto_id,
        ends.connector,
        tuple(gaps),
    )


def _add_start_gaps(gaps, ends, position_id, upper, key):
    """Add what is missing from the position to its first fibre."""
    if not position_id:
        gaps.append(Gap("no_position"))
    elif not ends.position_id:
        gaps.append(Gap("unrecorded_position"))
    elif not upper:
        code = "unknown_first_fibre" if ends.has_cable else "no_first_fibre"
        gaps.append(Gap(code))
    elif upper.key != key:
        gaps.append(Gap("crossed", _owner(upper)))
    elif upper.fibres[0] != ends.first_id:
        gaps.append(Gap("not_first", ends.first_id))


def _add_end_gaps(gaps, ends, lower, key):
    """Add what is missing from the last fibre on."""
    if ends.kind != "route":
        gaps.append(Gap("no_route"))
        return
    if not lower:
        gaps.append(Gap("no_last_fibre"))
    elif lower.key != key:
        gaps.append(Gap("shared", _owner(lower)))
    elif lower.fibres[-1] != ends.last_id:
        gaps.append(Gap("goes_on", ends.last_id))
    if ends.last_id and not ends.last_pbo_id:
        gaps.append(Gap("no_pbo"))
    if not ends.pto_id:
        gaps.append(Gap("no_pto"))


def _owner(strand):
    """Return the id of the route that has the strand."""
    return strand.tail_route_id or strand.position_route_id
