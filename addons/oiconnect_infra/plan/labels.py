"""Labels that overlap nothing: each takes the first free place around its object."""

from .scale import Box

# Around an object, best first: beside it, above and below, then the corners.
_SIDES = (
    (1, 0),
    (-1, 0),
    (0, 1),
    (0, -1),
    (1, 1),
    (-1, 1),
    (1, -1),
    (-1, -1),
)
_GAP = 0.4
#: a label that finds no room beside its object stands so much farther, at a line
_FARTHER = (0, 12, 24, 36)


class Placer:
    """Free room of a page.

    Boxes are indexed by squares of the page: a label is compared with its
    neighbours only.
    """

    _SQUARE = 24

    def __init__(self, frame):
        self.frame = frame
        self._taken = {}

    def block(self, box):
        """Keep labels off ``box``."""
        for square in self._squares(box):
            self._taken.setdefault(square, []).append(box)

    def is_free(self, box):
        frame = self.frame
        if (
            box.left < frame.left
            or box.bottom < frame.bottom
            or box.right > frame.right
            or box.top > frame.top
        ):
            return False
        return not any(
            box.meets(other)
            for square in self._squares(box)
            for other in self._taken.get(square, ())
        )

    def place(self, x, y, radius, sizes):
        """Return ``(rank, box)`` of the first of ``sizes`` that fits; None if none.

        :param radius: of the object at ``x``, ``y``, which blocks its own room
        :param sizes: ``(width, height)`` of the label and of its shorter forms
        """
        for farther in _FARTHER:
            for rank, size in enumerate(sizes):
                for side in _SIDES:
                    box = beside(x, y, radius + farther, size, side)
                    if self.is_free(box):
                        self.block(box)
                        return rank, box
        return None

    def _squares(self, box):
        size = self._SQUARE
        for column in range(int(box.left // size), int(box.right // size) + 1):
            for row in range(int(box.bottom // size), int(box.top // size) + 1):
                yield column, row


def beside(x, y, radius, size, side=_SIDES[0]):
    """Return the box of a label on one side of an object."""
    width, height = size
    across, up = side
    distance = radius + _GAP
    # A corner is nearer than a side: the box touches the circle there too.
    reach = distance if not (across and up) else distance * 0.75
    left = x + across * reach - (width * (1 - across) / 2)
    bottom = y + up * reach - (height * (1 - up) / 2)
    return Box(left, bottom, left + width, bottom + height)
