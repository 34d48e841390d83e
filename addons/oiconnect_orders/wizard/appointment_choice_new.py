from odoo import api, fields, models


class AppointmentChoice(models.TransientModel):
    """A slot for an order that is being taken by hand, which goes on afterwards."""

    _inherit = "oiconnect.appointment.choice"

    new_id = fields.Many2one("oiconnect.access.order.new", readonly=True)

    @api.model
    @api.private
    def _open_for_new(self, new):
        """Open on the free slots for the visit of an order being taken."""
        choice = self.create(
            {
                "new_id": new.id,
                "operator_id": new.operator_id.id,
                "network_id": new.network_id.id,
                "commune_id": new.building_id.commune_id.id,
                "building_id": new.building_id.id,
                "oc_reference": new.oc_reference,
            }
        )
        return choice._open_first() if choice.commune_id else choice._reopen()

    def action_back(self):
        """Go back to the order, without a visit."""
        self.ensure_one()
        return self.new_id._reopen()

    def _take(self, slot):
        action = super()._take(slot)
        return self.new_id._reopen() if self.new_id else action

    def _take_book(self, reference):
        appointment, refusals = super()._take_book(reference)
        if appointment and self.new_id:
            self.new_id._rest_on(appointment)
        return appointment, refusals
