from odoo import api, fields, models

from odoo.addons.oiconnect_base.models.guarded import EVERY_FIELD

FREEZE_REASONS = [
    ("answer", "Answer of the operator"),
    ("appointment", "Appointment with the customer"),
    ("access", "Access to the place"),
    ("third", "Works of a third party"),
    ("other", "Other"),
]


class TicketFreeze(models.Model):
    """One pause of the repair of a ticket: from when to when, why, requested by whom.

    The protocol has no field for it (Interop'Fibre SAV 3.0 §3.4): what was paused is
    shown by the time of repair, and proved by these lines.
    """

    _name = "oiconnect.ticket.freeze"
    _description = "Freeze of a ticket"
    _order = "start desc, id desc"
    _rec_name = "reason"
    _event_fields = EVERY_FIELD

    ticket_id = fields.Many2one(
        "oiconnect.ticket", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="ticket_id.company_id", store=True)
    reason = fields.Selection(FREEZE_REASONS, required=True)
    start = fields.Datetime("From", required=True, default=fields.Datetime.now)
    stop = fields.Datetime("To", help="Empty: still frozen")
    user_id = fields.Many2one("res.users", "By", default=lambda self: self.env.user)
    hours = fields.Float(digits=(10, 2), compute="_compute_hours")

    _ends_after = models.Constraint(
        "CHECK (stop IS NULL OR stop >= start)", "A freeze ends after it begins."
    )
    # One freeze at a time.
    _running_uniq = models.UniqueIndex(
        "(ticket_id) WHERE stop IS NULL", "This ticket is already frozen."
    )

    @api.depends("start", "stop")
    def _compute_hours(self):
        now = fields.Datetime.now()
        for freeze in self:
            length = (freeze.stop or now) - freeze.start
            freeze.hours = length.total_seconds() / 3600
