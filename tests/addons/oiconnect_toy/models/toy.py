from odoo import fields, models

from odoo.addons.oiconnect_base.decisions import Control
from odoo.addons.oiconnect_base.delays.clock import Delays
from odoo.addons.oiconnect_base.models.guarded import EVERY_FIELD
from odoo.addons.oiconnect_base.models.timeline_mixin import BAD, GOOD
from odoo.addons.oiconnect_base.reception import Reception
from odoo.addons.oiconnect_base.workflow import Transition, Workflow


class Toy(models.Model):
    """A request of an operator for a toy, in the three files of the protocol "toy"."""

    _name = "oiconnect.toy"
    _description = "Toy order"
    _inherit = [
        "oiconnect.network.mixin",
        "oiconnect.clock.mixin",
        "oiconnect.decision.mixin",
    ]
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
    _delays = Delays(
        running={"new": "toy_answer", "accepted": "toy_gift"},
        stopping=("toy_gift",),
        dropped_in=("ended",),
    )
    _todo_of_state = {"new": "toy_answer"}
    _todo_group = "oiconnect_base.group_access_user"
    _timeline_styles = {"given": GOOD, "refused": BAD}
    _controls = {"colour": Control(1, "colour", None, ("colour",))}
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
