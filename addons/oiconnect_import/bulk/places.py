"""Degrees of the points of a file: projected while the database writes other lines."""

from concurrent.futures import ThreadPoolExecutor
from math import isfinite

from odoo.tools import SQL

from odoo.addons.oiconnect_infra.geo.projection import to_wgs84


class Places:
    """Places of the lines that a merge writes.

    :param work: table of these lines
    """

    def __init__(self, target, work):
        self.target = target
        self.stage = target.stage
        self.work = work

    def by_batch(self, batches):
        """Yield (first, last line], SQL of their places: line, latitude, longitude.

        The places of a batch are computed while whoever iterates writes the one before.
        """
        batches = iter(batches)
        first = next(batches, None)
        if first is None:
            return
        # A thread would load the projections anew: a small file needs none.
        waiting = first, _arrays(self._points(first))
        with ThreadPoolExecutor(1) as pool:
            for bounds in batches:
                following = pool.submit(_arrays, self._points(bounds))
                yield waiting[0], _rows(waiting[1])
                waiting = bounds, following.result()
        yield waiting[0], _rows(waiting[1])

    def _points(self, bounds):
        """Return (projection, lines, xs, ys) of the points of a batch."""
        if not self.target.has_place:
            return []
        cr = self.stage.cr
        cr.execute(
            SQL(
                """SELECT projection, string_agg(line::text, ','),
                          string_agg(x::text, ','), string_agg(y::text, ',')
                     FROM (SELECT w.line, %s FROM %s w
                             JOIN %s s ON s.line = w.line WHERE %s
                          ) AS q(line, projection, x, y)
                    WHERE projection IS NOT NULL AND x <> 0 AND y IS NOT NULL
                    GROUP BY projection""",
                self.target.point(),
                self.work,
                self.stage.table,
                of_batch(bounds),
            )
        )
        return cr.fetchall()


def of_batch(bounds):
    """Return the condition of the lines (first, last], set on both tables.

    PostgreSQL would read the whole staging table for each batch else.
    """
    first, last = bounds
    return SQL(
        "w.line > %(first)s AND w.line <= %(last)s "
        "AND s.line > %(first)s AND s.line <= %(last)s",
        first=first,
        last=last,
    )


def _arrays(rows):
    """Return the lines, latitudes and longitudes of points, as texts of arrays.

    They come as texts too: psycopg takes a hundred times as long to read an array.
    """
    groups = [
        (projection, _numbers(int, lines), _numbers(float, xs), _numbers(float, ys))
        for projection, lines, xs, ys in rows
    ]
    return ["{" + ",".join(map(repr, column)) + "}" for column in projected(groups)]


def _numbers(kind, text):
    return list(map(kind, text.split(",")))


def projected(groups):
    """Return the (lines, latitudes, longitudes) of points, by projection."""
    places = ([], [], [])
    for projection, lines, xs, ys in groups:
        for column, found in zip(
            places, (lines, *to_wgs84(projection, xs, ys)), strict=True
        ):
            column.extend(found)
    if all(map(isfinite, places[1])) and all(map(isfinite, places[2])):
        return places
    finite = [place for place in zip(*places, strict=True) if all(map(isfinite, place))]
    return tuple(zip(*finite, strict=True)) or ((), (), ())


def _rows(arrays):
    return SQL(
        "unnest(%s::int[], %s::float8[], %s::float8[]) AS p(line, latitude, longitude)",
        *arrays,
    )
