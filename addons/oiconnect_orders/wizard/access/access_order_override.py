from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.oiconnect_base.decisions import WAIVED

from ...controls.story import RESERVATION
from ...controls.study import CONTROLS

NUMBERS = {control.name: control.number for control in CONTROLS}
# What a person may choose, as the control that is set aside would have found it; the
# study goes on from there
CHOOSABLE = {
    "address": ("building", "level"),
    "building": ("building", "level"),
    "level": ("level",),
    "pm": ("pm",),
    "service": ("service",),
    "socket": ("pto",),
}
# Without a building there is nothing to study
NEEDED = {"address": "building", "building": "building"}


class AccessOrderOverride(models.TransientModel):
    """Take back a rejection by the study: its control is set aside, for a reason."""

    _name = "oiconnect.access.order.override"
    _description = "Taking back of a rejection"

    order_id = fields.Many2one("oiconnect.access.order", required=True, readonly=True)
    control = fields.Char(compute="_compute_control")
    control_label = fields.Char("Failed control", compute="_compute_control")
    code = fields.Char(compute="_compute_control")
    problem = fields.Char("What it found", compute="_compute_control")
    waive = fields.Boolean("Set this control aside", default=True)
    reason = fields.Char(
        required=True, help="Why the control is set aside: it is kept with the order"
    )
    network_id = fields.Many2one(related="order_id.network_id")
    operator_id = fields.Many2one(related="order_id.operator_id")
    building_id = fields.Many2one("oiconnect.building")
    level_id = fields.Many2one("oiconnect.building.level")
    pm_id = fields.Many2one("oiconnect.pm", "PM")
    service_id = fields.Many2one("oiconnect.pm.service", "PM service")
    pto_id = fields.Many2one("oiconnect.pto", "PTO")

    @api.depends("order_id")
    def _compute_control(self):
        for wizard in self:
            order = wizard.order_id
            step = order._failed_step()
            words = order._story_words()
            wizard.control = step.get("control")
            wizard.control_label = words.get(wizard.control, wizard.control)
            wizard.code = step.get("code")
            wizard.problem = order.reason_comment or order.proposed_comment

    def action_confirm(self):
        """Set the control aside, open the order again and study it."""
        self.ensure_one()
        if not self.env.user.has_group("oiconnect_base.group_access_manager"):
            raise AccessError(
                self.env._("Only an administrator of access orders may do this.")
            )
        self.order_id.check_access("write")
        order = self.order_id.sudo()
        keys = CHOOSABLE.get(self.control, ())
        chosen = {key: self[f"{key}_id"].id for key in keys if self[f"{key}_id"]}
        if self.waive and self.control:
            self._refuse_incomplete(chosen)
        order._override(self._waived(chosen), self.reason)
        return {"type": "ir.actions.act_window_close"}

    def _refuse_incomplete(self, chosen):
        if self.control == RESERVATION:
            raise UserError(
                self.env._(
                    "No fibre can be given where none is free: free one, then study "
                    "the order again without setting anything aside."
                )
            )
        needed = NEEDED.get(self.control)
        if needed and needed not in chosen:
            raise UserError(
                self.env._(
                    "Choose the building: the control would have found it, and the "
                    "study goes on from there."
                )
            )

    def _waived(self, chosen):
        """Return the step that the story tells; None when nothing is set aside."""
        if not (self.waive and self.control):
            return None
        return {
            "control": self.control,
            "number": NUMBERS[self.control],
            "result": WAIVED,
            "code": self.code,
            "found": {key: self[f"{key}_id"].display_name for key in chosen},
            "chosen": chosen,
        }
