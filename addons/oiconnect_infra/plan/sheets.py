"""Pages of a plan: what ground each shows, at which scale."""

from dataclasses import dataclass

from . import scale
from .data import Building
from .scale import MM, Box
from .sectors import Sector, split

WIDTH, HEIGHT = 420 * MM, 297 * MM
_MARGIN, _COLUMN = 10 * MM, 78 * MM
MAP = Box(_MARGIN, _MARGIN, WIDTH - _MARGIN - _COLUMN, HEIGHT - _MARGIN)
COLUMN = Box(MAP.right, MAP.bottom, WIDTH - _MARGIN, MAP.top)
#: room for labels between the objects and the frame
_INNER = 9 * MM
#: objects whose labels one page holds
_MANY = 140
# Fewer objects are not cut because they are crowded: a hamlet is one page.
_FEW = 40
# Room of one label, and the share of objects that may want that of another one
_LABEL = (30, 11)
_LABEL_DENSITY_LIMIT = 0.3


@dataclass(frozen=True)
class Sheet:
    view: scale.View
    #: rank of the page, of so many
    number: int
    count: int
    #: all sectors of the plan, none when it has one page
    sectors: list
    #: rank of the sector that the page shows; None on the overview
    shown: int | None = None

    @property
    def sector(self):
        return None if self.shown is None else self.sectors[self.shown]

    @property
    def is_detailed(self):
        """Tell whether each object has its label here."""
        return self.shown is not None or not self.sectors


def sheets(plan):
    """Return the pages of a plan: one, or an overview and its sectors."""
    points = [*plan.objects, *([plan.place] if plan.place else [])]
    box = scale.box_of(points) if points else Box(0, 0, 0, 0)
    overview = _view(box)
    sectors = split(plan.objects, is_dense, MAP.width / MAP.height)
    if len(sectors) < 2:
        return [Sheet(overview, 1, 1, [])]
    count = len(sectors) + 1
    return [
        Sheet(overview, 1, count, sectors),
        *(
            Sheet(
                scale.view_of(sector.box, MAP, _INNER), rank + 2, count, sectors, rank
            )
            for rank, sector in enumerate(sectors)
        ),
    ]


def is_dense(objects):
    """Tell whether objects are too many, or too close, for one page."""
    if len(objects) > _MANY:
        return True
    if len(objects) <= _FEW:
        return False
    view = _view(scale.box_of(objects))
    if view.denominator == scale.SMALLEST:
        return False
    width, height = _LABEL
    rooms = set()
    for one in objects:
        x, y = view.paper(one[0], one[1])
        rooms.add((x // width, y // height))
    return len(objects) - len(rooms) > _LABEL_DENSITY_LIMIT * len(objects)


def _view(box):
    return scale.view_of(box, MAP, _INNER)


def counts_of(sector: Sector):
    """Return how many of each kind lie in a sector: {name: number}."""
    buildings = [one for one in sector.objects if isinstance(one, Building)]
    return {
        "buildings": len(buildings),
        "dwellings": sum(building.dwellings for building in buildings),
        "pbos": len(sector.objects) - len(buildings),
    }
