"""What a chart is made of. Plain Python: the models count.

A page shows charts; each bar of a chart has the domain of the records that it counts,
so that a click leads to exactly these.
"""

from typing import NamedTuple

# Dimensions by which a chart or a rate is split
MONTH, OPERATOR, NETWORK, MODE = "month", "operator", "network", "mode"
# Which way a tile is better: a goal is the most, or the least, that it should be
LESS, MORE = "less", "more"
# Units of durations, in seconds
UNITS = {"hours": 3600, "days": 86400}


class Source(NamedTuple):
    """Records that are counted, and which of their fields the filters look at.

    :param operator_field: None where the records belong to no operator
    :param title: of the bar, in a chart of several sources
    """

    model: str
    domain: tuple = ()
    date_field: str = "create_date"
    operator_field: str | None = "operator_id"
    network_field: str = "network_id"
    title: object = None

    def field_of(self, dimension):
        """Return the field of a dimension that is one: OPERATOR or NETWORK."""
        fields = {OPERATOR: self.operator_field, NETWORK: self.network_field}
        return fields[dimension]


class Chart(NamedTuple):
    """Counts of records: one bar for each source, or each value of ``group_by``.

    :param group_by: a field, or MONTH for the months of the sources' date
    """

    key: str
    title: object
    sources: tuple
    group_by: str | None = None


class Rate(NamedTuple):
    """Share of the records of a source that fulfil ``failed``.

    :param failed: domain of those that failed
    :param sums: fields to add up instead: all, and those that failed
    :param mode_field: field by which it is split by connection type, if it can be
    """

    key: str
    title: object
    help: object
    source: Source
    failed: tuple
    sums: tuple = ()
    mode_field: str | None = None

    def field_of(self, dimension):
        if dimension == MODE:
            return self.mode_field
        return self.source.field_of(dimension)


class Duration(NamedTuple):
    """How long records took: the half at the most (P50), all but 5 % at the most (P95).

    :param source: its date is that on which they ended
    :param start: field of the moment from which they took
    :param unit: one of ``UNITS``
    """

    key: str
    title: object
    help: object
    source: Source
    start: str
    unit: str
    mode_field: str | None = None

    def field_of(self, dimension):
        if dimension == MODE:
            return self.mode_field
        return self.source.field_of(dimension)


class Tile(NamedTuple):
    """Figure on top of a page: its value, the trend, and the goal if one is set.

    :param figure: a source that is counted, a rate, or a duration of which P50 is told
    :param better: LESS or MORE; None where neither is, and no goal can be set
    """

    key: str
    title: object
    figure: Source | Rate | Duration
    better: str | None = None

    @property
    def unit(self):
        if isinstance(self.figure, Duration):
            return self.figure.unit
        return "percent" if isinstance(self.figure, Rate) else "count"

    @property
    def source(self):
        return self.figure if isinstance(self.figure, Source) else self.figure.source


class Page(NamedTuple):
    """Screen of statistics.

    :param tiles: on top of it
    :param dimensions: by which rates and durations may be split, the usual one first
    :param compared: whether operators are compared with each other
    :param months: how many months it shows unless the user says otherwise, 0 for all
    """

    key: str
    title: object
    charts: tuple
    tiles: tuple = ()
    dimensions: tuple = ()
    compared: bool = False
    months: int = 0

    def chart(self, key):
        """Return the chart or rate ``key``, None if there is none."""
        return next((chart for chart in self.charts if chart.key == key), None)
