"""What a chart is made of. Plain Python: the models count.

A page shows charts; each bar of a chart has the domain of the records that it counts,
so that a click leads to exactly these.
"""

from typing import NamedTuple

# Dimensions by which a chart or a rate is split
MONTH, OPERATOR, NETWORK, MODE = "month", "operator", "network", "mode"


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


class Page(NamedTuple):
    """Screen of statistics.

    :param dimensions: by which its rates may be split, the usual one first
    :param compared: whether operators are compared with each other
    :param months: how many months it shows unless the user says otherwise, 0 for all
    """

    key: str
    title: object
    charts: tuple
    dimensions: tuple = ()
    compared: bool = False
    months: int = 0

    def chart(self, key):
        """Return the chart or rate ``key``, None if there is none."""
        return next((chart for chart in self.charts if chart.key == key), None)
