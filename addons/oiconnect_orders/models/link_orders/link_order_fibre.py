from odoo import api, fields, models

from odoo.addons.oiconnect_base.models.guarded import EVERY_FIELD

from ..orders.order_mixin import payload_values

SENT_FIELDS = ("nro_head", "nro_position", "pm_head", "pm_position", "tube", "fibre")


class LinkOrderFibre(models.Model):
    """Fibre of a link as an order holds it: from its reservation to its end.

    Measures stay as they were sent; the network may be measured again.
    """

    _name = "oiconnect.link.order.fibre"
    _description = "Fibre of a link order"
    _order = "number, id"
    _rec_name = "number"
    _event_fields = EVERY_FIELD

    order_id = fields.Many2one(
        "oiconnect.link.order", required=True, index=True, ondelete="restrict"
    )
    fibre_id = fields.Many2one(
        "oiconnect.pm.link.fibre", required=True, ondelete="restrict"
    )
    number = fields.Integer(required=True, aggregator=None)
    service_id = fields.Many2one(
        related="order_id.service_id", store=True, index="btree_not_null"
    )
    company_id = fields.Many2one(related="order_id.company_id", store=True)
    attenuation_db = fields.Float(
        "Attenuation (dB)", digits=(6, 2), aggregator=None, help="As the operator read"
    )
    end_date = fields.Datetime("Given back on")

    # A fibre is sold once; also the order that holds one: fibre_id = x
    _held_once = models.UniqueIndex(
        "(fibre_id) WHERE end_date IS NULL",
        "An order holds this fibre already: choose another one.",
    )
    # What a fibre was to whom, and the foreign key
    _fibre_idx = models.Index("(fibre_id)")

    @api.depends("fibre_id")
    def _compute_display_name(self):
        for line in self:
            line.display_name = line.fibre_id.display_name

    def _measure(self):
        """Keep what was measured of the fibres, as the operator is about to read it."""
        for line in self:
            line.attenuation_db = line.fibre_id.attenuation_db

    def _payload(self):
        """Return what a report says of the fibre."""
        return payload_values(self.fibre_id, SENT_FIELDS) | {
            "fibre_number": self.number,
            "cable": self.fibre_id.cable_reference or None,
            "attenuation_db": self.attenuation_db or None,
        }

    def _give_back(self, date):
        """The fibres are free again, but those that are broken or still patched."""
        self.write({"end_date": date})
        fibres = self.fibre_id
        broken = fibres.filtered(lambda fibre: fibre.state == "out_of_service")
        broken.write({"operator_id": False})
        fed = (fibres - broken).filtered("position_ids")
        fed.write({"state": "used", "operator_id": False})
        (fibres - broken - fed).write({"state": "free", "operator_id": False})
        self._forget_held()

    def _forget_held(self):
        """Drop cached holders: they are read again."""
        self.order_id.invalidate_recordset(["held_fibre_ids", "held_count"])
        self.service_id.invalidate_recordset(["fibre_ids", "fibre_count"])
