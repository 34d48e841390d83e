from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.oiconnect_infra.models.map.kinds import Kind

KINDS = {
    "ticket": Kind(
        "oiconnect.ticket",
        shape="star",
        limit=250,
        domain=Domain("is_open", "=", True),
        buildings="building_id",
        # Of the states of an open ticket
        styles={
            "open": ("#d55e00", "solid"),
            "in_progress": ("#e69f00", "half"),
            "frozen": ("#56b4e9", "dotted"),
            "expertise": ("#cc79a7", "quarters"),
            "cancel_requested": ("#7a7a7a", "crossed"),
            "resolved": ("#009e73", "hollow"),
        },
        # Nothing of the end customer
        card=(
            "operator_id",
            "type_id",
            "defect_id",
            "opened_date",
            "due_date",
            "next_step",
            "building_id",
            "pbo_id",
            "pm_id",
            "incident_id",
        ),
    ),
    "incident": Kind(
        "oiconnect.incident",
        shape="cross",
        limit=150,
        domain=Domain("state", "=", "open"),
        pms=("pm_id", "module_id.pm_id", "cable_id.pm_id", "pbo_id.pm_id"),
        styles={"open": ("#d55e00", "solid")},
        card=(
            "name",
            "point",
            "start_date",
            "planned_end_date",
            "pbo_id",
            "pm_id",
            "ticket_count",
        ),
    ),
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
    """Tickets and incidents that are open, for users who may read them.

    They have no place of their own: a ticket is where its building is, else its PBO,
    else its PM; an incident is at its PBO, else at the PM of what is cut. They are
    counted when the map asks, never ahead: their number changes with each ticket, and
    a stored number would be one row that all who work on tickets wait for.
    """

    _inherit = "oiconnect.map"

    @api.model
    def _kinds(self):
        return super()._kinds() | KINDS

    @api.model
    def _place_columns(self, kind, query):
        if kind not in KINDS:
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
