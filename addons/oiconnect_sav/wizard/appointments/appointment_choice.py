from odoo import api, fields, models


class AppointmentChoice(models.TransientModel):
    """Free slots of the teams that repair, for a task of a ticket."""

    _inherit = "oiconnect.appointment.choice"

    task_id = fields.Many2one("oiconnect.ticket.task", readonly=True)

    @api.model
    @api.private
    def _open_for_task(self, task):
        """Open on the free slots for the visit of ``task``."""
        ticket = task.ticket_id
        return self._open_first(
            ticket,
            ticket.building_id.commune_id,
            task_id=task.id,
            kind="repair",
            oc_reference=ticket.oc_key,
        )

    def _take_book(self, reference):
        appointment, refusals = super()._take_book(reference)
        if appointment and self.task_id:
            self.task_id.sudo()._attach_visit(appointment.sudo())
        return appointment, refusals
