"""The PM of a GraceTHD network: its cabinet, its distribution cables, its PBOs."""

import random

from . import gracethd_truth as truth
from .gracethd_dwellings import Dwellings
from .gracethd_rows import Block, Cable, Place, Point, Row, shifted, square
from .gracethd_truth import Link, Route

TUBE = 12


class Pm:
    """A cabinet or a room, from the transport cable to the PTOs."""

    def __init__(
        self,
        block: Block,
        rng: random.Random,
        traits,
        number: int,
        corner: Point,
        size: float,
    ):
        self.block = block
        self.rng = rng
        self.traits = traits
        self.number = number
        self.corner = corner
        self.size = size
        self.routes: list[Route] = []
        #: box → its last tray, and how many positions that holds
        self.trays: dict[str, tuple[str, int]] = {}
        #: PBO → its dwellings
        self.homes: dict[str, Dwellings] = {}
        self.pbo_of_position: dict[str, str] = {}
        self.written_back: set[str] = set()
        #: rows of the drawer positions
        self.heads: dict[str, Row] = {}
        self.slots = 0
        self.dwellings = 0

    def install(self, nro_area: str) -> None:
        """Put the cabinet or the room, its locals and its area."""
        block, reference = self.block, f"FI-99001-PM{self.number:04d}"
        room = self.number % 5 == 4
        centre = shifted(self.corner, self.size / 2, self.size / 2)
        physical = "BAT" if room else "ADR"
        self.place = block.site(centre, physical, "SRO", reference)
        self.locals = [self.place.local]
        if self.number % 7 == 3:
            site = block.tables["t_sitetech"][-1]
            local = block.local(str(site["st_code"]), f"{reference}-T2")
            self.locals.append(local)
        self.area = block.add(
            "t_zsro",
            zs_nd_code=self.place.node,
            zs_zn_code=nro_area,
            zs_refpm=reference,
            zs_etatpm="DP",
            zs_dateins="2026-03-02",
            zs_datcomr="2026-06-15",
            zs_datemad="2026-03-16",
            zs_typeemp="LTE" if room else "PME",
            zs_capamax=360,
            zs_lt_code=self.place.local,
            zs_lgmaxln=2.5,
            zs_znllong=3.2,
            geom=square(centre, self.size / 2 - 1),
        )
        self.zone: Row = block.tables["t_zsro"][-1]

    def connect(self, links: list[Link]) -> None:
        """Lay the distribution, wire the dwellings, and patch what is in use."""
        wanted = self.rng.randint(*self.traits.dwellings)
        boxes = []
        while wanted > 0:
            size = min(wanted, self.rng.randint(3, 9))
            boxes.append(size)
            wanted -= size
        while boxes:
            count = self.rng.randint(1, 6)
            self._trunk(boxes[:count])
            boxes = boxes[count:]
        self._patch(links)
        self._tell_routes()
        self.zone["zs_nblogmt"] = self.dwellings

    # -- distribution ------------------------------------------------------------------

    def _trunk(self, sizes: list[int]) -> None:
        """Lay a cable through a chain of boxes, each with a tube for one PBO."""
        capacity = TUBE * (len(sizes) + self.rng.randint(0, 1))
        place = self._place("C")
        box = self.block.box(place, "BPE", f"BPE-{place.node}", "B144")
        cable = self._cable(capacity, self.place, place)
        routes = self._drawer(cable)
        for rank, size in enumerate(sizes):
            mine, routes = routes[:TUBE], routes[TUBE:]
            self._branch(place, mine, size)
            if not routes:
                return
            if rank == len(sizes) - 1:
                for route in routes:
                    self._wait(route, box)
                return
            after = self._place("C")
            after_box = self.block.box(after, "BPE", f"BPE-{after.node}", "B144")
            cable = self._cable(capacity, place, after)
            first = (rank + 1) * TUBE
            for route, fibre in zip(routes, cable.fibres[first:], strict=True):
                self._join(route, box, fibre, "PA")
            place, box = after, after_box

    def _cable(self, capacity: int, first: Place, last: Place) -> Cable:
        ends = (first.box, last.box)
        cable = self.block.cable("DI", capacity, first, last, ends)
        self.block.path(first, last, "7")
        if self.rng.random() < self.traits.no_kind:
            del self.block.tables["t_cable"][-1]["cb_typelog"]
        return cable

    def _branch(self, splice: Place, routes: list[Route], size: int) -> None:
        """Take a tube out to a PBO, or to two PBOs one behind the other."""
        pbo = self._pbo(size)
        cable = self._cable(TUBE, splice, pbo)
        for route, fibre in zip(routes, cable.fibres, strict=True):
            self._join(route, splice.box, fibre, "EP")
        if size > 6 or self.rng.random() < 0.7:
            self._serve(pbo, routes, size)
            return
        # The first half stays here, the second goes on uncut.
        after = self._pbo(size)
        cable = self._cable(TUBE, pbo, after)
        served, passing = routes[: TUBE // 2], routes[TUBE // 2 :]
        for route, fibre in zip(passing, cable.fibres[TUBE // 2 :], strict=True):
            self._join(route, pbo.box, fibre, "PA")
        self._serve(pbo, served, size)
        self._serve(after, passing, size)

    def _place(self, nature: str) -> Place:
        return self.block.point(self._slot(), nature)

    def _slot(self) -> Point:
        """Return the centre of the next square of 100 m of the area."""
        per_row = int(self.size // 100) - 2
        row, column = divmod(self.slots, per_row)
        self.slots += 1
        middle = per_row // 2
        if (row, column) == (middle, middle):
            return self._slot()
        return shifted(self.corner, 150 + 100 * column, 130 + 100 * row)

    # -- PBOs --------------------------------------------------------------------------

    def _pbo(self, size: int) -> Place:
        """Put a PBO in the street, or in its building, with its area."""
        name = f"PBO-{self.number:04d}-{self.slots:03d}"
        nature = self.rng.choice("CAFI")
        if nature == "I":
            place = self.block.site(self._slot(), "BAT", "FTTH", name)
            self.block.box(place, "PBI", name)
        else:
            place = self._place(nature)
            self.block.box(place, "PBO", name)
        area = self.block.add(
            "t_zpbo",
            zp_nd_code=place.node,
            zp_zs_code=self.area,
            zp_capamax=size,
            zp_bp_code=place.box,
            geom=square(place.point, 45),
        )
        homes = Dwellings(self.block, place, area, collective=nature == "I")
        self.homes[place.box] = homes
        return place

    def _serve(self, pbo: Place, routes: list[Route], size: int) -> None:
        """Wire part of the dwellings of a PBO; its other fibres wait, or break off."""
        homes = self.homes[pbo.box]
        wired = self.rng.randint(0, min(size, len(routes)))
        homes.build(size, wired)
        self.dwellings += size
        for rank, route in enumerate(routes):
            route.pbo = pbo.box
            if rank < wired:
                self._drop(route, pbo, homes, rank)
            else:
                self._end_free(route, pbo)

    def _drop(self, route: Route, pbo: Place, homes: Dwellings, rank: int) -> None:
        place, pto = homes.sockets[rank]
        cable = self.block.cable("RA", 2, pbo, place, (pbo.box, pto))
        self._join(route, pbo.box, cable.fibres[0], "EP")
        if self.rng.random() < 0.2:
            # As the official example has it: a connector in a tray of the PTO
            tray = self.block.tray(pto, 1)
            route.positions.append(
                self.block.position(1, route.fibre, "", "CO", ps_cs_code=tray)
            )
        route.pto = pto
        route.finish(truth.PTO)

    def _end_free(self, route: Route, pbo: Place) -> None:
        draw = self.rng.random()
        if draw < self.traits.gaps:
            self._break(route, pbo)
        elif draw < self.traits.gaps + self.traits.loops:
            self._loop(route, pbo)
        else:
            self._wait(route, pbo.box)

    def _break(self, route: Route, pbo: Place) -> None:
        """End the route where the delivery forgot something."""
        reason = self.rng.choice((truth.NOTHING, truth.OPEN, truth.ABSENT))
        if reason == truth.NOTHING:
            # Nothing tells the box: the route passed the one before at most.
            route.pbo = ""
            for code in reversed(route.positions):
                if box := self.pbo_of_position.get(code):
                    route.pbo = box
                    break
        else:
            absent = self.block.code("FO") if reason == truth.ABSENT else ""
            self._place_position(route, pbo.box, absent, "EP")
        route.finish(truth.GAP, reason)

    def _loop(self, route: Route, pbo: Place) -> None:
        """Bring the fibre back to the one behind the drawer.

        Where the order of the fibres says nothing, two ways go on: it is no loop then.
        """
        if route.positions[1] in self.written_back:
            self._wait(route, pbo.box)
            return
        tray, number = self._tray(pbo.box)
        code = self.block.position(
            number, route.fibre, route.fibres[0], "EP", ps_cs_code=tray
        )
        route.positions.append(code)
        self.pbo_of_position[code] = pbo.box
        route.finish(truth.LOOP)

    def _wait(self, route: Route, box: str) -> None:
        self._place_position(route, box, "", "AT")
        route.finish(truth.FREE)

    # -- positions ---------------------------------------------------------------------

    def _join(self, route: Route, box: str, fibre: str, kind: str) -> None:
        self._place_position(route, box, fibre, kind)
        route.fibres.append(fibre)

    def _place_position(self, route: Route, box: str, after: str, kind: str) -> None:
        """Write a position of a box, as deliveries do: some without tray, some back."""
        columns: Row = {}
        number = 1
        if self.rng.random() >= self.traits.no_tray:
            columns["ps_cs_code"], number = self._tray(box)
        before = route.fibre
        back = bool(after) and self.rng.random() < self.traits.written_back
        if back:
            before, after = after, before
        code = self.block.position(number, before, after, kind, **columns)
        route.positions.append(code)
        if back:
            self.written_back.add(code)
        if box in self.homes:
            self.pbo_of_position[code] = box

    def _tray(self, box: str) -> tuple[str, int]:
        """Return the tray of the next position of a box, and its number there."""
        tray, used = self.trays.get(box, ("", 0))
        if used % TUBE == 0:
            tray = self.block.tray(box, used // TUBE + 1)
            for rank in range(self.traits.spares):
                self.block.position(TUBE + rank + 1, "", "", "AT", ps_cs_code=tray)
        self.trays[box] = (tray, used + 1)
        return tray, used % TUBE + 1

    def _drawer(self, cable: Cable) -> list[Route]:
        """Put the fibres of a cable behind a new drawer."""
        local = self.rng.choice(self.locals)
        name = f"TIR-{self.number:04d}-{self.slots:03d}"
        drawer = self.block.drawer(local, name, len(cable.fibres))
        routes = []
        for rank, fibre in enumerate(cable.fibres):
            if rank % TUBE == 0:
                number = rank // TUBE + 1
                tray = self.block.add("t_cassette", cs_num=number, cs_type="C")
            code = self.block.position(
                rank % TUBE + 1, "", fibre, "CO", ps_ti_code=drawer, ps_cs_code=tray
            )
            self.heads[code] = self.block.tables["t_position"][-1]
            routes.append(Route([code], [fibre]))
        self.routes += routes
        return routes

    # -- patching ----------------------------------------------------------------------

    def _patch(self, links: list[Link]) -> None:
        """Bring a transport fibre to most of the routes in use, by jumpers."""
        drawer = self.block.drawer(self.place.local, "TIR-TR", len(links))
        plain = self.block.add("t_cassette", cs_num=1, cs_type="C")
        split = self.block.add("t_cassette", cs_num=2, cs_type="S")
        wired = [route for route in self.routes if route.end == truth.PTO]
        for rank, link in enumerate(links):
            is_split = self.rng.random() < self.traits.splitters
            served = [wired.pop() for _rank in range(8 if is_split else 1) if wired]
            served = [route for route in served if self.rng.random() < 0.9]
            tray = split if is_split else plain
            columns: Row = {"ps_ti_code": drawer, "ps_cs_code": tray}
            for route in served:
                self._jump(route, link, rank + 1, columns)
            if not served:
                self.block.position(rank + 1, link.fibre, "", "CO", **columns)

    def _jump(self, route: Route, link: Link, number: int, columns: Row) -> None:
        place = self.place
        jumper = self.block.cable("NC", 2, place, place, typephy="J").fibres[0]
        head = self.heads[route.positions[0]]
        self.block.position(number, link.fibre, jumper, "CO", **columns)
        head["ps_1"] = jumper
        if self.rng.random() < self.traits.written_back:
            head["ps_1"], head["ps_2"] = head["ps_2"], head["ps_1"]
        route.link = link.fibre

    def _tell_routes(self) -> None:
        """Write the optical routes of the PTOs, without the order of their fibres."""
        for route in self.routes:
            if route.end != truth.PTO:
                continue
            code = self.block.code("RT")
            for fibre in route.fibres:
                self.block.add("t_ropt", rt_code=code, rt_fo_code=fibre)
                self.block.tables["t_ropt"][-1]["rt_id"] = self.block.number
