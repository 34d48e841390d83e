"""The map of a page: lines, objects, frames, and the labels that find room."""

from math import hypot
from os.path import commonprefix

from . import symbols, text
from .data import streets
from .labels import Placer
from .scale import MM, Box
from .sheets import MAP

# Half a building, radius of a PBO and of the PM: on a detailed page, on an overview
_SIZES = {True: (2.4, 4.2, 7), False: (1.1, 2.4, 6)}
_HIGH = 1.25
# White before and behind a label
_SIDE = 1.2
# Farther than that from its object, a label is joined to it by a line.
_NEAR = 8
# A street is written beside one of so many of its buildings.
_STREET_TRIES = 8


class Ground:
    """Map of one sheet, drawn on a canvas."""

    def __init__(self, canvas, plan, sheet):
        self.canvas, self.plan, self.sheet = canvas, plan, sheet
        self.half, self.radius, self.pm_radius = _SIZES[sheet.is_detailed]
        window = sheet.view.window
        self.window = window
        self.buildings = [one for one in plan.buildings if window.holds(one.x, one.y)]
        self.pbos = [one for one in plan.pbos if window.holds(one.x, one.y)]
        self.placer = Placer(MAP.grown(-2))
        #: labels that found no room
        self.left_out = 0

    def draw(self):
        canvas = self.canvas
        canvas.saveState()
        clip = canvas.beginPath()
        clip.rect(MAP.left, MAP.bottom, MAP.width, MAP.height)
        canvas.clipPath(clip, stroke=0)
        self._draw_lines()
        self._draw_objects()
        self._veil_neighbours()
        self._draw_pm()
        self._draw_sectors()
        if self.sheet.is_detailed:
            self._label_pbos()
            self._label_streets()
            self._label_buildings()
        canvas.restoreState()

    # ------------------------------------------------------------------
    # Lines and objects
    # ------------------------------------------------------------------

    def _draw_lines(self):
        paper, plan = self.sheet.view.paper, self.plan
        drops = plan.drops if self.sheet.is_detailed else []
        for kind, segments in (("drop", drops), ("cable", plan.cables)):
            shown = [
                (*paper(one.x1, one.y1), *paper(one.x2, one.y2))
                for one in segments
                if _may_cross(self.window, one)
            ]
            symbols.lines(self.canvas, kind, shown)

    def _draw_objects(self):
        paper = self.sheet.view.paper
        for state in symbols.STATES:
            places = [
                paper(one.x, one.y) for one in self.buildings if one.state == state
            ]
            symbols.buildings(self.canvas, state, places, self.half)
            for place in places:
                self.placer.block(_around(place, self.half))
        places = [paper(pbo.x, pbo.y) for pbo in self.pbos]
        symbols.pbos(self.canvas, places, self.radius)
        for place in places:
            self.placer.block(_around(place, self.radius))

    def _veil_neighbours(self):
        """Fade what belongs to other pages."""
        if not self.sheet.sector:
            return
        inner = self.sheet.view.paper_box(self.sheet.sector.box)
        veil = self.canvas.beginPath()
        veil.rect(MAP.left, MAP.bottom, MAP.width, MAP.height)
        veil.rect(inner.left, inner.bottom, inner.width, inner.height)
        self.canvas.saveState()
        self.canvas.setFillColor(symbols.WHITE)
        self.canvas.setFillAlpha(0.6)
        self.canvas.drawPath(veil, stroke=0, fill=1, fillMode=0)
        self.canvas.restoreState()

    def _draw_sectors(self):
        """Frame the sector of the page; on the overview all of them, with names."""
        sheet = self.sheet
        if sheet.sector:
            symbols.frame(self.canvas, "sector", sheet.view.paper_box(sheet.sector.box))
            return
        for rank, sector in enumerate(sheet.sectors):
            box = sheet.view.paper_box(sector.box)
            symbols.frame(self.canvas, "sector", box)
            self._write_at(f"S{rank + 1}", box.centre, text.BOLD, 10, symbols.SECTOR)

    def _write_at(self, words, centre, font, size, colour):
        """Write a short text around a point, whatever is there."""
        width = text.width(words, font, size)
        x, y = centre[0] - width / 2, centre[1] - size * 0.36
        self.placer.block(Box(x, y, x + width, y + size))
        text.with_halo(self.canvas, words, x, y, font, size, colour)

    # ------------------------------------------------------------------
    # PM and its links
    # ------------------------------------------------------------------

    def _draw_pm(self):
        place = self.plan.place
        if not place:
            return
        here = self.sheet.view.paper(*place)
        is_here = self.window.holds(*place)
        if is_here:
            self.placer.block(_around(here, self.pm_radius))
        ends = self._ends()
        symbols.lines(self.canvas, "link", [(*here, *end) for _words, end in ends])
        for words, end in ends:
            self._draw_end(words, here if is_here else None, end)
        if is_here:
            symbols.pm(self.canvas, *here, self.pm_radius)
            style = (text.BOLD, 10, symbols.PM)
            if not self._label(here, self.pm_radius, [self.plan.reference], *style):
                self._write_at(self.plan.reference, (here[0], here[1] + 14), *style)

    def _ends(self):
        """Return ``(label, place on paper)`` of each other end of links."""
        found = {}
        for link in self.plan.links:
            if link.place:
                found.setdefault((link.end, link.place), []).append(link)
        paper = self.sheet.view.paper
        return [
            (_link_label(end, links), paper(*place))
            for (end, place), links in sorted(found.items())
        ]

    def _draw_end(self, words, here, end):
        """Draw the other end, or where the link leaves the page for it."""
        inner = MAP.grown(-3 * MM)
        if inner.holds(*end):
            symbols.remote(self.canvas, *end, 5)
            self.placer.block(_around(end, 5))
        elif here and inner.holds(*here):
            x, y = end[0] - here[0], end[1] - here[1]
            end = _leaving(inner, here, end)
            symbols.arrow(self.canvas, *end, x / hypot(x, y), y / hypot(x, y), 9)
            self.placer.block(_around(end, 9))
        else:
            return
        self._label(end, 9, words, text.BOLD, 8, symbols.LINK)

    # ------------------------------------------------------------------
    # Labels
    # ------------------------------------------------------------------

    def _label(self, place, radius, forms, font, size, colour):
        """Write the first of ``forms`` that finds room around a place."""
        sizes = [
            (text.width(form, font, size) + 2 * _SIDE, size * _HIGH) for form in forms
        ]
        found = self.placer.place(*place, radius, sizes)
        if found is None:
            return False
        rank, box = found
        near = box.nearest(*place)
        if hypot(near[0] - place[0], near[1] - place[1]) > radius + _NEAR:
            symbols.leader(self.canvas, *place, *near, colour)
        baseline = box.bottom + size * 0.3
        left = box.left + _SIDE
        text.with_halo(self.canvas, forms[rank], left, baseline, font, size, colour)
        return True

    def _own(self, objects):
        """Return those that have their label on this page."""
        if not self.sheet.sector:
            return objects
        own = set(self.sheet.sector.objects)
        return [one for one in objects if one in own]

    def _label_pbos(self):
        prefix = _shared_beginning([pbo.reference for pbo in self.plan.pbos])
        for pbo in self._own(self.pbos):
            forms = [pbo.reference]
            if prefix:
                forms.append(f"…{pbo.reference[len(prefix) :]}")
            place = self.sheet.view.paper(pbo.x, pbo.y)
            self.left_out += not self._label(
                place, self.radius, forms, text.BOLD, text.SMALLEST, symbols.PBO
            )

    def _label_streets(self):
        paper = self.sheet.view.paper
        for street, buildings in streets(self._own(self.buildings)).items():
            x = sum(one.x for one in buildings) / len(buildings)
            y = sum(one.y for one in buildings) / len(buildings)
            inner = sorted(
                buildings, key=lambda one: ((one.x - x) ** 2 + (one.y - y) ** 2, one)
            )
            for building in inner[:_STREET_TRIES]:
                place = paper(building.x, building.y)
                font, size = text.ITALIC, text.SMALLEST
                if self._label(place, 12, [street], font, size, symbols.GREY):
                    break
            else:
                self.left_out += 1

    def _label_buildings(self):
        for building in sorted(
            self._own(self.buildings), key=lambda one: (-one.dwellings, one)
        ):
            forms = _building_forms(building)
            place = self.sheet.view.paper(building.x, building.y)
            if forms:
                self.left_out += not self._label(
                    place, self.half, forms, text.PLAIN, text.SMALLEST, symbols.BLACK
                )


def _around(place, radius):
    x, y = place
    return Box(x - radius, y - radius, x + radius, y + radius)


def _may_cross(box, segment):
    left, bottom, right, top = box
    x1, y1, x2, y2 = segment
    return (
        (x1 <= right or x2 <= right)
        and (x1 >= left or x2 >= left)
        and (y1 <= top or y2 <= top)
        and (y1 >= bottom or y2 >= bottom)
    )


def _leaving(box, inside, outside):
    """Return where the way from a point in ``box`` to one outside leaves it."""
    part = 1.0
    for axis in (0, 1):
        step = outside[axis] - inside[axis]
        if step:
            edge = box[axis + 2] if step > 0 else box[axis]
            part = min(part, (edge - inside[axis]) / step)
    return tuple(
        inside[axis] + part * (outside[axis] - inside[axis]) for axis in (0, 1)
    )


def _link_label(end, links):
    """Return the label of links to one end, and its shorter form."""
    length = max(link.length_km for link in links)
    km = f" ({length:.1f} km)".replace(".", ",") if length else ""
    names = " + ".join(link.reference for link in links[:2])
    more = " + …" if len(links) > 2 else ""
    return [f"{names}{more} – {end}{km}", f"{end}{km}", end]


def _shared_beginning(references):
    """Return what all references begin with, up to a sign between two parts."""
    if len(references) < 2:
        return ""
    shared = commonprefix(references)
    return shared[: max(shared.rfind(sign) for sign in "-/_ .") + 1]


def _building_forms(building):
    """Return the number in the street, with the dwellings when there are several."""
    number = building.number
    if building.dwellings > 1:
        forms = [f"{number} ({building.dwellings})".strip(), number]
    else:
        forms = [number]
    return [form for form in forms if form]
