from odoo import fields, models

from odoo.addons.oiconnect_base.models.guarded import EVERY_FIELD
from odoo.addons.oiconnect_base.reception import Reception
from odoo.addons.oiconnect_base.workflow import Transition, Workflow


class Toy(models.Model):
    """A request of an operator for a toy, in the three files of the protocol "toy"."""

    _name = "oiconnect.toy"
    _description = "Toy order"
    _inherit = ["oiconnect.network.mixin", "oiconnect.workflow"]
    _rec_name = "reference"
    _event_fields = EVERY_FIELD

    _workflow = Workflow(
        [
            Transition("accept", ("new",), "accepted", ("TOY_REPORT",)),
            Transition("refuse", ("new",), "refused", ("TOY_REPORT",)),
            Transition("give", ("accepted",), "given"),
            Transition("end", ("accepted", "given"), "ended"),
        ],
        initial="new",
        default_code="TOY16",
        unknown_code="TOY14",
        irreversible=("refuse",),
    )
    _people_events = ("accept", "give")
    _payload_fields = ("reference", "state")
    _received_flows = {
        "TOY_ORDER": Reception(
            "_receive_records",
            {"names": ("reference", "colour")},
            by_lot=True,
            creates=True,
        ),
        "TOY_END": Reception("_receive_event", {"event": "end", "key": "reference"}),
    }

    reference = fields.Char(required=True)
    colour = fields.Char()
    operator_id = fields.Many2one("oiconnect.operator", required=True)
    state = fields.Selection(
        [
            ("new", "New"),
            ("accepted", "Accepted"),
            ("refused", "Refused"),
            ("given", "Given"),
            ("ended", "Ended"),
        ],
        default="new",
        required=True,
    )
