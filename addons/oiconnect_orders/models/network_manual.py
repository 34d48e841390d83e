from odoo import api, fields, models

from ..references import manual_reference

FORM = "^[A-Z0-9-]{1,12}$"


class Network(models.Model):
    """References of the orders that are taken by hand."""

    _inherit = "oiconnect.network"

    manual_prefix = fields.Char(
        "Prefix of orders by hand",
        size=12,
        default="HOTLINE",
        required=True,
        help="First part of the reference that an order taken by hand gets when the "
        "operator gives none",
    )

    _manual_prefix_form = models.Constraint(
        f"CHECK (manual_prefix ~ '{FORM}')",
        "The prefix of orders by hand is made of capital letters, digits and “-”.",
    )

    @api.private
    def _new_manual_reference(self, operator):
        """Return a reference that ``operator`` has not used."""
        orders = self.env["oiconnect.access.order"]
        while True:
            [number] = orders._next_numbers("oiconnect_manual_reference", 1)
            reference = manual_reference(self.manual_prefix, number)
            if not orders._taken_references([{"oc_reference": reference}], operator):
                return reference

    def init(self):
        self.env.cr.execute("CREATE SEQUENCE IF NOT EXISTS oiconnect_manual_reference")
