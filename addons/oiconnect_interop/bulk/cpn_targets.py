"""Columns that NROs, PRDMs, PMs and links of the network take from a CPN file."""

from odoo.tools import SQL

from odoo.addons.oiconnect_import.bulk import conditions
from odoo.addons.oiconnect_import.bulk.target import Relation, Target

MODELS = {
    "nro": "oiconnect.nro",
    "prdm": "oiconnect.prdm",
    "pm": "oiconnect.pm",
    "technical_pm": "oiconnect.technical.pm",
    "link": "oiconnect.pm.link",
}
#: what relations to the objects of a line are: {field: (column, table, alias)}
_RELATED = {
    "nro.reference": ("nro_id", "oiconnect_nro", "nro"),
    "prdm.reference": ("prdm_id", "oiconnect_prdm", "prdm"),
    "pm.reference": ("pm_id", "oiconnect_pm", "pm"),
}


def _relations(network, *names):
    return {name: _relation(network, *_RELATED[name]) for name in names}


def _relation(network, field, table, alias):
    condition = SQL("%s = %s", SQL.identifier(alias, "network_id"), network.id)
    return Relation(field, table, "reference", alias, condition)


class CpnTarget(Target):
    """Object that lines of the CPN tell.

    ``placed`` are its columns that say where it is linked to. Only the lines of
    ``news`` give them: those that do not repeat what the network says of the link.
    """

    constants = {"state": "planned"}
    silent = ("last_change_date",)
    placed = ()
    related = ()

    def __init__(self, env, stage, prefix, network, news=None):
        dated = "last_change_date" in env[MODELS[prefix]]._fields
        super().__init__(
            env,
            stage,
            prefix,
            MODELS[prefix],
            {"last_change_date": "line.last_change_date"} if dated else {},
            self._links(network),
        )
        self.news = news

    def _links(self, network):
        return _relations(network, *self.related)

    def settle(self):
        """Keep to the tables: lines reach further by them, and they are not many."""

    def joins(self):
        joins = super().joins()
        if not self.news:
            return joins
        return SQL("%s LEFT JOIN %s news ON news.line = s.line", joins, self.news)

    def _line_values(self, record=None):
        values = super()._line_values(record)
        if record:
            values |= {
                name: SQL(
                    "CASE WHEN news.line IS NULL THEN %s ELSE %s END",
                    SQL.identifier(record, name),
                    values[name],
                )
                for name in self.placed
                if name in values
            }
        return values


class PrdmTarget(CpnTarget):
    placed = ("nro_id",)
    related = ("nro.reference",)


class TechnicalPmTarget(CpnTarget):
    constants = {}
    related = ("pm.reference",)


class EndedTarget(CpnTarget):
    """Object that reaches a PRDM and its NRO, or an NRO without any.

    PMs are such; a CPN file makes none.
    """

    placed = ("prdm_id", "nro_id")
    related = ("prdm.reference", "nro.reference")

    def __init__(self, *args):
        super().__init__(*args)
        if "prdm_id" in self.values:
            self.values["nro_id"] = SQL("COALESCE(prdm.nro_id, nro.id)")


class LinkTarget(EndedTarget):
    """Links, with the fibres in use that those available leave."""

    preserved = ("state",)
    related = ("pm.reference", "prdm.reference", "nro.reference")

    def __init__(self, *args):
        super().__init__(*args)
        self.values.pop("free_fibre_count", None)
        self.fields.pop("free_fibre_count", None)
        if "state" in self.values:
            # A new link without state; an older one keeps its own.
            self.new_state = SQL("COALESCE(%s, 'planned')", self.values["state"])
        if "capacity" in self.values:
            self.values |= self.fibres(None)

    def _links(self, network):
        technical = Relation(
            "technical_pm_id",
            "oiconnect_technical_pm",
            "reference",
            "technical",
            SQL("technical.pm_id = pm.id"),
        )
        return super()._links(network) | {"technical_pm.reference": technical}

    def _line_values(self, record=None):
        values = super()._line_values(record)
        if not record and "state" in values:
            values["state"] = self.new_state
        if record and "capacity" in values:
            values |= self.fibres(record)
        return values

    def fibres(self, record):
        """Return the capacity, the fibres in use and the free ones that a line tells.

        Fibres that are listed one by one are counted, whatever a file says.
        """
        capacity = self.values["capacity"]
        used = SQL("0")
        if record:
            used = SQL("COALESCE(%s, 0)", SQL.identifier(record, "used_fibre_count"))
        free = self.free
        if free:
            used = SQL(
                "CASE WHEN %(free)s BETWEEN 0 AND %(capacity)s "
                "THEN %(capacity)s - %(free)s ELSE %(used)s END",
                free=free,
                capacity=capacity,
                used=used,
            )
        values = {"capacity": capacity, "used_fibre_count": used}
        if record:
            values = {
                name: SQL(
                    "CASE WHEN %s THEN %s ELSE %s END",
                    self.listed(record),
                    SQL.identifier(record, name),
                    value,
                )
                for name, value in values.items()
            }
        return values

    @property
    def free(self):
        """The SQL of the fibres that can still be ordered, none without that column."""
        column = self.stage.columns.get("link.free_fibre_count")
        return column and conditions.typed(column, self.stage.cell(column.field))

    def listed(self, record):
        """Return the condition that the fibres of a link are listed one by one."""
        return SQL(
            "EXISTS (SELECT FROM oiconnect_pm_link_fibre f WHERE f.link_id = %s)",
            SQL.identifier(record, "id"),
        )

    def written(self, record=None):
        values = super().written(record)
        if "capacity" in values:
            values["free_fibre_count"] = SQL(
                "COALESCE(%s, 0) - COALESCE(%s, 0)",
                values["capacity"],
                values["used_fibre_count"],
            )
        return values
