from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

# Kind on the map: its model and the condition that it is shown
SHOWN = {
    "ticket": ("oiconnect.ticket", Domain("is_open", "=", True)),
    "incident": ("oiconnect.incident", Domain("state", "=", "open")),
}
# Points of one answer; with more of them it has clusters.
LIMITS = {"ticket": 250, "incident": 150}
# Columns of a ticket and of an incident that lead to the PM, the nearest first
PM_PATHS = {
    "ticket": ("pm_id",),
    "incident": ("pm_id", "module_id.pm_id", "cable_id.pm_id", "pbo_id.pm_id"),
}
# What a ticket or an incident stands in, the nearest first: alias, table, and the
# columns that name it, each of the kind itself (None) or of what is joined before
STANDS_IN = {
    "ticket": (
        ("map_building", "oiconnect_building", ((None, "building_id"),)),
        ("map_pbo", "oiconnect_pbo", ((None, "pbo_id"),)),
        ("map_pm", "oiconnect_pm", ((None, "pm_id"),)),
    ),
    "incident": (
        ("map_pbo", "oiconnect_pbo", ((None, "pbo_id"),)),
        ("map_module", "oiconnect_pm_module", ((None, "module_id"),)),
        ("map_cable", "oiconnect_pbo_cable", ((None, "cable_id"),)),
        (
            "map_pm",
            "oiconnect_pm",
            (
                (None, "pm_id"),
                ("map_module", "pm_id"),
                ("map_cable", "pm_id"),
                ("map_pbo", "pm_id"),
            ),
        ),
    ),
}
# Those with a place; one at latitude 0 is nowhere: the next is taken.
PLACED = ("map_building", "map_pbo", "map_pm")
# Models whose columns the query reads besides those of the kind
READ = (
    "oiconnect.building",
    "oiconnect.pbo",
    "oiconnect.pbo.cable",
    "oiconnect.pm",
    "oiconnect.pm.module",
)


class Map(models.AbstractModel):
    """Tickets and incidents that are open, for who may read them.

    They have no place of their own: a ticket is where its building is, else its PBO,
    else its PM; an incident is at its PBO, else at the PM of what is cut. They are
    counted when the map asks, never ahead: their number changes with each ticket, and
    a number that is kept would be one row that all who work on tickets wait for.
    """

    _inherit = "oiconnect.map"

    @api.model
    def _kind_models(self):
        own = {kind: model for kind, (model, _domain) in SHOWN.items()}
        return super()._kind_models() | own

    @api.model
    def _point_limits(self):
        return super()._point_limits() | LIMITS

    @api.model
    def _kind_domain(self, kind, wanted):
        domain = super()._kind_domain(kind, wanted)
        return domain & SHOWN[kind][1] if kind in SHOWN else domain

    @api.model
    def _pm_domain(self, kind, pm_ids):
        if kind not in SHOWN:
            return super()._pm_domain(kind, pm_ids)
        return Domain.OR(Domain(path, "in", pm_ids) for path in PM_PATHS[kind])

    @api.model
    def _commune_domain(self, kind, commune_ids):
        if kind not in SHOWN:
            return super()._commune_domain(kind, commune_ids)
        of_pm = Domain.OR(
            Domain(f"{path}.commune_id", "in", commune_ids) for path in PM_PATHS[kind]
        )
        if kind == "incident":
            return of_pm
        return Domain("building_id.commune_id", "in", commune_ids) | (
            Domain("building_id", "=", False) & of_pm
        )

    @api.model
    def _place_columns(self, kind, query):
        if kind not in SHOWN:
            return super()._place_columns(kind, query)
        for model in READ:
            self.env[model].flush_model()
        placed = []
        for alias, table, columns in STANDS_IN[kind]:
            named = SQL(", ").join(
                SQL.identifier(owner or query.table, column)
                for owner, column in columns
            )
            identifier = SQL.identifier(alias)
            query.add_join(
                "LEFT JOIN",
                alias,
                table,
                SQL("%s.id = COALESCE(%s)", identifier, named),
            )
            placed += [identifier] if alias in PLACED else []
        return _first(placed, "latitude"), _first(placed, "longitude")


def _first(places, column):
    """Return the SQL of ``column`` at the first of the places that is somewhere."""
    cases = (
        SQL("WHEN %s.latitude <> 0 THEN %s.%s", place, place, SQL.identifier(column))
        for place in places
    )
    return SQL("CASE %s END", SQL(" ").join(cases))
