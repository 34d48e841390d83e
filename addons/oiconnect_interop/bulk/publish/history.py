"""Lines of the histories: one for each change of a published column (§1.9).

Which columns these are is the value list of the format: names in the file, and the
fields of the full file that they stand for.
"""

from dateutil.relativedelta import relativedelta

from odoo.tools import SQL

from ..messages import PublicationError
from .cells import cell
from .source import joined

_SPAN = relativedelta(months=12)


class History:
    """The history of one family of files, over the twelve months before ``day``.

    :param full: protocol ``Format`` of the full file: how values are written
    :param own: that of the history

    ``models`` are the prefixes of the fields published: {prefix: model}; ``others`` are
    fields published from a column of another object: {field: [(model, column)]}.
    """

    models = {}
    others = {}

    def __init__(self, plan, full, own, day):
        self.plan = plan
        self.env = plan.env
        self.full = full
        self.own = own
        self.day = day
        self.columns = {column.field: column for column in full.columns if column.field}
        self.published_fields = [
            (*place, field) for field in self._fields() for place in self._places(field)
        ]

    def _fields(self):
        """Return the fields whose changes are published."""
        for column in self.own.columns:
            if column.field == "change.field" and column.pairs:
                return [key for _wire, key in column.pairs if key in self.columns]
        raise PublicationError("no_history_columns", flow=self.own.flow)

    def _places(self, field):
        """Return the (model, column) whose changes are those of ``field``."""
        prefix, _dot, name = field.partition(".")
        places = list(self.others.get(field, ()))
        model = self.models.get(prefix)
        if model and name in self.env[model]._fields:
            places.append((model, name))
        return places

    # -- query ------------------------------------------------------------------------

    def lines(self):
        """Return the query of the lines, oldest change first."""
        if not self.published_fields:
            return SQL("SELECT ''::text AS line WHERE FALSE")
        return SQL(
            """SELECT %(line)s AS line
                 FROM oiconnect_change c
                 JOIN (VALUES %(published)s) AS v(model, name, field)
                      ON v.model = c.res_model AND v.name = c.field
                 %(objects)s
                WHERE c.network_id = %(network)s AND c.kind = 'write'
                      AND c.date >= %(since)s AND %(scope)s
                ORDER BY c.id""",
            line=joined([self._cell(column) for column in self.own.columns]),
            published=SQL(", ").join(
                SQL("(%s, %s, %s)", *row) for row in self.published_fields
            ),
            objects=self.objects(),
            network=self.plan.network_id.id,
            since=self.day - _SPAN,
            scope=SQL("pm.id = ANY(%s)", self.plan.pm_ids.ids)
            if self.plan.pm_ids
            else SQL("TRUE"),
        )

    def _cell(self, column):
        if not column.field:
            return SQL("''")
        values = self.values() | {
            "network.oi_code": (SQL("%s", self.plan.network_id.oi_code), "char"),
            "change.field": (SQL("v.field"), "char"),
            "change.before": (self._written(SQL("c.before")), "char"),
            "change.after": (self._written(SQL("c.after")), "char"),
            "change.date": (self._date(), "date"),
            # Of what a person did; the name of a file that was imported is ours.
            "change.reason": (
                SQL("CASE WHEN c.batch IS NULL THEN c.reason END"),
                "text",
            ),
        }
        if column.field not in values:
            raise PublicationError("bad_source", column=column.name, field=column.field)
        return cell(column, *values[column.field], self.own.decimal_mark)

    def _date(self):
        return SQL("(c.date AT TIME ZONE 'UTC' AT TIME ZONE %s)::date", self.plan.tz)

    def _written(self, text):
        """Return the SQL of a value that the history keeps as text, in the file."""
        branches = [
            SQL("WHEN %s THEN %s", field, self._wire(self.columns[field], text))
            for field in dict.fromkeys(
                field for _model, _name, field in self.published_fields
            )
        ]
        return SQL("CASE v.field %s END", SQL(" ").join(branches))

    def _wire(self, column, text):
        if column.type == "date":
            return SQL("replace(%s, '-', '')", text)
        if column.type == "decimal":
            return SQL("replace(%s, '.', %s)", text, self.full.decimal_mark)
        if column.type == "boolean":
            yes, no = [wire for wire, _key in column.pairs] or ("O", "N")
            return SQL(
                "CASE %s WHEN 'true' THEN %s WHEN 'false' THEN %s END", text, yes, no
            )
        if column.type == "code":
            return cell(column, text, "char", self.full.decimal_mark)
        return cell(column, text, "text", self.full.decimal_mark)

    def objects(self):
        """Return the joins of what a change is about."""
        raise NotImplementedError

    def values(self):
        """Return ``{field: (SQL, type)}`` of what a change is about."""
        raise NotImplementedError


class IpeHistory(History):
    """Changes of buildings and of their PMs."""

    models = {"building": "oiconnect.building", "pm": "oiconnect.pm"}
    others = {
        "pm.reference": [("oiconnect.building", "pm_id")],
        "pm.lot_reference": [("oiconnect.pm", "lot_id")],
        "building.pbo_type": [("oiconnect.building", "pbo_type_id")],
        "building.connection_type": [("oiconnect.building", "connection_type_id")],
    }

    def objects(self):
        return SQL(
            """LEFT JOIN oiconnect_building b
                    ON c.res_model = 'oiconnect.building' AND b.id = c.res_id
               LEFT JOIN oiconnect_pm pm ON pm.id = CASE c.res_model
                    WHEN 'oiconnect.pm' THEN c.res_id ELSE b.pm_id END"""
        )

    def values(self):
        """Return values by field: an object deleted since has its name of then."""
        building = "oiconnect.building"
        return {
            "change.building": (
                SQL(
                    "CASE WHEN c.res_model <> %s THEN '' WHEN b.id IS NULL "
                    "THEN c.reference ELSE b.identifier END",
                    building,
                ),
                "char",
            ),
            "change.address_code": (SQL("b.address_code"), "char"),
            "change.pm": (
                SQL(
                    "CASE WHEN c.res_model = %s THEN pm.reference "
                    "ELSE COALESCE(pm.reference, c.reference) END",
                    building,
                ),
                "char",
            ),
        }


class CpnHistory(History):
    """Changes of links and of NROs."""

    models = {"link": "oiconnect.pm.link", "nro": "oiconnect.nro"}
    others = {
        "prdm.reference": [("oiconnect.pm.link", "prdm_id")],
        "nro.reference": [("oiconnect.pm.link", "nro_id")],
    }

    def objects(self):
        return SQL(
            """LEFT JOIN oiconnect_pm_link link
                    ON c.res_model = 'oiconnect.pm.link' AND link.id = c.res_id
               LEFT JOIN oiconnect_pm pm ON pm.id = link.pm_id
               LEFT JOIN oiconnect_nro nro ON nro.id =
                    CASE c.res_model WHEN 'oiconnect.nro' THEN c.res_id
                                     ELSE link.nro_id END"""
        )

    def values(self):
        return {
            "change.pm": (SQL("pm.reference"), "char"),
            "change.nro": (
                SQL(
                    "CASE c.res_model WHEN 'oiconnect.nro' "
                    "THEN COALESCE(nro.reference, c.reference) ELSE nro.reference END"
                ),
                "char",
            ),
        }


HISTORIES = {"ipe": IpeHistory, "cpn": CpnHistory}
