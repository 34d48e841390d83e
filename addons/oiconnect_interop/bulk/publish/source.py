"""Queries of the lines of a kind of published file."""

from typing import NamedTuple

from odoo.tools import SQL

from odoo.addons.oiconnect_infra.models.mixins.state_path import SHOWN

from ..ipe_rules import WITHOUT_PLANNED_PM
from ..messages import PublicationError
from .cells import SEPARATOR, cell, fits


class Value(NamedTuple):
    """SQL of a field of a format, with the type of its Odoo field.

    ``size`` is the most characters, 0 for no limit; ``keys`` those of a selection.
    """

    sql: SQL
    type: str
    required: bool = False
    size: int = 0
    keys: tuple = ()


class Source:
    """The lines of one kind of file, of one network, on one day.

    :param file_format: protocol ``Format`` of the lines
    :param day: date of publication
    :param pm_ids: the only PMs published, all of the network if none

    ``tables`` are the prefixes of the fields of formats: {prefix: (model, alias)}.
    """

    tables = {}

    def __init__(self, network, file_format, day, pm_ids=()):
        self.env = network.env
        self.network = network
        self.format = file_format
        self.day = day
        self.pm_ids = list(pm_ids)
        self.limit = day - SHOWN

    # -- cells ------------------------------------------------------------------------

    def value(self, field):
        """Return the ``Value`` of a field of the format, None if there is none."""
        if field == "network.oi_code":
            return Value(SQL("%s", self.network.oi_code), "char", True, 4)
        prefix, _dot, name = field.partition(".")
        if prefix not in self.tables:
            return None
        model, alias = self.tables[prefix]
        found = self.env[model]._fields.get(name)
        if not found or not found.store or not found.column_type:
            return None
        return Value(
            SQL.identifier(alias, name),
            found.type,
            found.required,
            getattr(found, "size", None) or 0,
            tuple(found.get_values(self.env)) if found.type == "selection" else (),
        )

    def cell(self, column):
        """Return the SQL text of a column; one that no field feeds is empty."""
        if not column.field:
            return SQL("''")
        value = self.value(column.field)
        if not value or not fits(column, value.type):
            raise PublicationError("bad_source", column=column.name, field=column.field)
        return cell(column, value.sql, value.type, self.format.decimal_mark)

    def line(self):
        """Return the SQL of the line: its cells, one after the other."""
        return joined([self.cell(column) for column in self.format.columns])

    def definition(self):
        """Return all that makes a line what it is: each cell, how they are joined."""
        cells = [self.cell(column) for column in self.format.columns]
        return SQL(", ").join([self.line(), *cells])

    # -- queries ----------------------------------------------------------------------

    def lines(self, condition=None):
        """Return the query of the lines to publish: record_id, line."""
        return SQL(
            "%s SELECT %s AS record_id, %s AS line FROM %s WHERE %s",
            self.head(),
            self.record_id(),
            self.line(),
            self.origin(),
            self.published_condition()
            if condition is None
            else SQL("%s AND (%s)", self.published_condition(), condition),
        )

    def ids(self):
        """Return the query of the records that have a line."""
        return SQL(
            "%s SELECT %s AS record_id FROM %s WHERE %s",
            self.head(),
            self.record_id(),
            self.origin(),
            self.published_condition(),
        )

    def head(self):
        """Return what the queries begin with."""
        return SQL("")

    def record_id(self):
        """Return the SQL of the number of the record that a line tells."""
        raise NotImplementedError

    def origin(self):
        """Return the FROM of the lines."""
        raise NotImplementedError

    def published_condition(self):
        """Return the condition that a record has a line on this day."""
        raise NotImplementedError

    def changed(self, since):
        """Return the condition that what a line tells was written after ``since``."""
        raise NotImplementedError

    def keyless(self):
        """Return the query of the records that lack what operators know a line by.

        They are not published: nothing for a kind of file whose records all have it.
        """
        return None

    # -- doubts -----------------------------------------------------------------------

    def place(self, field):
        """Return the name of the rows in which a field is looked at."""
        return "line"

    def judged(self, place, ids):
        """Return how to ask the rows of ``place`` that the query ``ids`` is about.

        :return: function from SQL of columns to the query, SQL of what a row is called
        """
        condition = SQL("%s IN (%s)", self.record_id(), ids)
        query = self._column_query(self.head(), self.origin(), condition)
        return query, self.called()

    def _column_query(self, head, origin, condition):
        return lambda columns: SQL(
            "%s SELECT %s FROM %s WHERE %s", head, columns, origin, condition
        )

    def called(self):
        """Return the SQL of what a line is called in reports."""
        raise NotImplementedError

    # -- parts ------------------------------------------------------------------------

    def shown(self, alias):
        """Return the condition that an object is not abandoned for long."""
        return SQL(
            "(%(t)s.state <> 'abandoned' OR "
            "COALESCE(%(t)s.abandoned_date, %(t)s.last_change_date, %(limit)s) "
            ">= %(limit)s)",
            t=SQL.identifier(alias),
            limit=self.limit,
        )

    def names_planned_pm(self):
        return self.format.version not in WITHOUT_PLANNED_PM

    def written(self, model, since):
        """Return the query of the records of ``model`` written after ``since``."""
        return SQL(
            "SELECT id FROM %s WHERE write_date >= %s",
            SQL.identifier(self.env[model]._table),
            since,
        )


def joined(cells):
    """Return the SQL of ``cells`` one after the other, with their separators."""
    parts = []
    for rank, text in enumerate(cells):
        if rank:
            parts.append(SQL("%s", SEPARATOR))
        parts.append(SQL("COALESCE(%s, '')", text))
    return SQL("(%s)", SQL(" || ").join(parts))
