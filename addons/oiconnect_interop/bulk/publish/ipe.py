"""Lines of the IPE: one for each building or address (interop-infra.md §1)."""

from itertools import groupby

from odoo.tools import SQL

from .cells import cell
from .source import Source, Value, joined

# Columns of a line that are not columns of the table of their object
_LINKED = {
    "building.pbo_type": ("pbo_type", "code"),
    "building.connection_type": ("connection_type", "code"),
    "pm.lot_reference": ("lot", "reference"),
}
_PLACE = ("pm.x", "pm.y")
#: fields of the building that are written only for an address with a PM (rule R3)
_WITH_PM = ("building.dedicated_fibre_free",)


class IpeSource(Source):
    """Buildings, each with its PM.

    The cells of a PM are made once and not for each of its buildings: neighbours are
    joined to one text.
    """

    tables = {"building": ("oiconnect.building", "b"), "pm": ("oiconnect.pm", "p")}

    def __init__(self, *args):
        super().__init__(*args)
        # Columns of the line by runs of neighbours: [(are of the PM alone, columns)].
        # The same columns may come in several runs.
        # pylint: disable-next=bad-builtin-groupby
        runs = groupby(self.format.columns, key=_is_of_pm)
        self.runs = [(of_pm, list(columns)) for of_pm, columns in runs]

    # -- cells ------------------------------------------------------------------------

    def value(self, field):
        if field in _LINKED:
            alias, name = _LINKED[field]
            return Value(SQL.identifier(alias, name), "char")
        if field == "building.oi_code":
            return super().value("network.oi_code")
        if field == "building.last_change_date":
            # The line is dated for all that it tells, its PM too.
            return Value(SQL("GREATEST(b.last_change_date, pm.changed)"), "date")
        if field == "building.projection":
            return Value(self._projection(), "selection")
        if field in _WITH_PM:
            value = super().value(field)
            return Value(
                SQL("CASE WHEN pm.id IS NOT NULL THEN %s END", value.sql), value.type
            )
        return super().value(field)

    def _projection(self):
        """Return the projection of the building's place, else of its PM's."""
        return SQL(
            "CASE WHEN COALESCE(b.x, 0) = 0 AND pm.placed THEN pm.projection "
            "ELSE b.projection END"
        )

    def line(self):
        return joined(
            [
                text
                for rank, run in enumerate(self.runs)
                for text in self._run(rank, *run)
            ]
        )

    def _run(self, rank, of_pm, columns):
        if of_pm:
            # As many separators as a PM has cells, where there is no PM
            yield SQL(
                "COALESCE(%s, %s)", SQL.identifier("pm", f"run{rank}"), _empty(columns)
            )
            return
        for column in columns:
            if column.field in _PLACE:
                yield self._pm_place(column)
            else:
                yield self.cell(column)

    def _pm_place(self, column):
        """The PM's coordinates, when they are in the projection of the line."""
        return SQL(
            "CASE WHEN pm.projection = %s THEN %s END",
            self._projection(),
            SQL.identifier("pm", column.field.partition(".")[2]),
        )

    # -- queries ----------------------------------------------------------------------

    def head(self):
        """The PMs, each with its cells."""
        runs = [
            SQL(
                ", %s AS %s",
                joined([self.cell(column) for column in columns]),
                SQL.identifier(f"run{rank}"),
            )
            for rank, (of_pm, columns) in enumerate(self.runs)
            if of_pm
        ]
        return SQL(
            """WITH pm AS MATERIALIZED (
                   SELECT p.id, p.projection, COALESCE(p.x, 0) <> 0 AS placed,
                          p.last_change_date AS changed, %(shown)s AS shown,
                          %(places)s %(runs)s
                     FROM %(pms)s WHERE %(named)s)""",
            shown=self.shown("p"),
            places=SQL(", ").join(self._places()),
            runs=SQL("").join(runs),
            pms=self._pms(),
            named=self._named(),
        )

    def _pms(self):
        return SQL("oiconnect_pm p LEFT JOIN oiconnect_lot lot ON lot.id = p.lot_id")

    def _named(self):
        """Return the condition that a PM may be named in this version."""
        return SQL(
            "p.network_id = %s AND %s",
            self.network.id,
            SQL("TRUE" if self.names_planned_pm() else "p.state <> 'planned'"),
        )

    def _places(self):
        columns = {column.field: column for column in self.format.columns}
        for field in _PLACE:
            name = SQL.identifier(field.partition(".")[2])
            column = columns.get(field)
            if not column:
                yield SQL("NULL AS %s", name)
                continue
            value = SQL("p.%s", name)
            yield SQL(
                "%s AS %s", cell(column, value, "float", self.format.decimal_mark), name
            )

    def record_id(self):
        return SQL("b.id")

    def origin(self):
        return SQL(
            """oiconnect_building b
               LEFT JOIN pm ON pm.id = b.pm_id
               LEFT JOIN oiconnect_pbo_type pbo_type ON pbo_type.id = b.pbo_type_id
               LEFT JOIN oiconnect_pbo_connection_type connection_type
                    ON connection_type.id = b.connection_type_id"""
        )

    def published_condition(self):
        """Without a key, no operator could tell the line from another."""
        scope = SQL("b.pm_id = ANY(%s)", self.pm_ids) if self.pm_ids else SQL("TRUE")
        return SQL(
            "b.network_id = %s AND COALESCE(b.identifier, b.address_code) IS NOT NULL "
            "AND %s AND COALESCE(pm.shown, TRUE) AND %s",
            self.network.id,
            self.shown("b"),
            scope,
        )

    def place(self, field):
        """Columns of the PM are looked at once for each."""
        return "pm" if field.startswith("pm.") else "line"

    def judged(self, place, ids):
        if place == "line":
            return super().judged(place, ids)
        condition = SQL(
            "%s AND p.id IN (SELECT pm_id FROM oiconnect_building WHERE id IN (%s))",
            self._named(),
            ids,
        )
        return self._column_query(SQL(""), self._pms(), condition), SQL("p.reference")

    def called(self):
        return SQL("COALESCE(b.identifier, b.address_code)")

    def keyless(self):
        return SQL(
            "SELECT b.id, b.address FROM oiconnect_building b WHERE b.network_id = %s "
            "AND b.identifier IS NULL AND b.address_code IS NULL "
            "AND b.state <> 'abandoned'",
            self.network.id,
        )

    def changed(self, since):
        return SQL(
            """b.write_date >= %(since)s
               OR b.pm_id IN (SELECT id FROM oiconnect_pm WHERE write_date >= %(since)s
                                 OR lot_id IN (%(lots)s))
               OR b.pbo_type_id IN (%(types)s)
               OR b.connection_type_id IN (%(paths)s)""",
            since=since,
            lots=self.written("oiconnect.lot", since),
            types=self.written("oiconnect.pbo.type", since),
            paths=self.written("oiconnect.pbo.connection.type", since),
        )


def _is_of_pm(column):
    return column.field.startswith("pm.") and column.field not in _PLACE


def _empty(columns):
    return joined([SQL("''")] * len(columns))
