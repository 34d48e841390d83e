"""Sectors: the ground of a plan, cut until each part fits its page.

A cut is made across the longer side, in the widest gap near the middle: hamlets stay
whole.
"""

from typing import NamedTuple

from .scale import Box, box_of

# A cut leaves at least this share of the objects on each side.
_LEAST = 0.35


class Sector(NamedTuple):
    #: the ground, in metres: sectors have no more than an edge in common
    box: Box
    objects: list


def split(objects, is_dense, aspect=1.4, margin=10):
    """Return the sectors of ``objects``, from north-west to south-east.

    :param objects: tuples that start with x and y
    :param is_dense: function of objects: they are too many for one page
    :param aspect: width of the page for a height of one
    :param margin: metres of ground around the objects of a sector, where no other is
    """
    if not objects:
        return []
    everywhere = Box(*[-float("inf")] * 2, *[float("inf")] * 2)
    return [
        Sector(box_of(part).grown(margin).within(cell), part)
        for cell, part in _parts(sorted(objects), everywhere, is_dense, aspect)
    ]


def _parts(objects, cell, is_dense, aspect):
    box = box_of(objects)
    if not is_dense(objects) or box.width == box.height == 0:
        yield cell, objects
        return
    axis = 0 if box.width >= aspect * box.height else 1
    last, first = _cut([one[axis] for one in objects])
    low = [one for one in objects if one[axis] <= last]
    high = [one for one in objects if one[axis] >= first]
    below, above = _cells(cell, axis, (last + first) / 2)
    halves = [(below, low), (above, high)]
    for half_cell, half in halves if axis == 0 else reversed(halves):
        yield from _parts(half, half_cell, is_dense, aspect)


def _cut(values):
    """Return the last value of the lower part and the first one of the upper part."""
    values = sorted(values)
    least = int(len(values) * _LEAST)
    ranks = range(max(1, least), min(len(values), len(values) - least + 1))
    if values[ranks[0] - 1] == values[ranks[-1]]:
        # So many at one place: the cut goes beside it
        ranks = range(1, len(values))
    middle = len(values) / 2
    best = max(ranks, key=lambda r: (values[r] - values[r - 1], -abs(r - middle), -r))
    return values[best - 1], values[best]


def _cells(cell, axis, where):
    left, bottom, right, top = cell
    if axis == 0:
        return Box(left, bottom, where, top), Box(where, bottom, right, top)
    return Box(left, bottom, right, where), Box(left, where, right, top)
