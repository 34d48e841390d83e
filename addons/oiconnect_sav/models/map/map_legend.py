from odoo import api, models

from ...states import CLOSED_STATES

SHAPES = {"ticket": "star", "incident": "cross"}
# State of an open ticket: its colour, of those that eyes blind to some colours tell
# apart (Okabe and Ito), and how its shape is filled
TICKET_STYLES = {
    "open": ("#d55e00", "solid"),
    "in_progress": ("#e69f00", "half"),
    "frozen": ("#56b4e9", "dotted"),
    "expertise": ("#cc79a7", "quarters"),
    "cancel_requested": ("#7a7a7a", "crossed"),
    "resolved": ("#009e73", "hollow"),
}
INCIDENT_STYLES = {"open": ("#d55e00", "solid")}
STYLES = {"ticket": TICKET_STYLES, "incident": INCIDENT_STYLES}
# What the card tells; nothing of the end customer
CARD_FIELDS = {
    "ticket": (
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
    "incident": (
        "name",
        "point",
        "start_date",
        "planned_end_date",
        "pbo_id",
        "pm_id",
        "ticket_count",
    ),
}


class Map(models.AbstractModel):
    """How tickets and incidents are drawn, and what their cards tell."""

    _inherit = "oiconnect.map"

    @api.model
    def _shapes(self):
        return super()._shapes() | SHAPES

    @api.model
    def _states(self, kind):
        if kind not in STYLES:
            return super()._states(kind)
        field = self.env[self._kind_models()[kind]]._fields["state"]
        return [
            [key, label, STYLES[kind][key][0], SHAPES[kind], STYLES[kind][key][1]]
            for key, label in field._description_selection(self.env)
            if key not in CLOSED_STATES
        ]

    @api.model
    def _card_fields(self, kind):
        return CARD_FIELDS.get(kind) or super()._card_fields(kind)
