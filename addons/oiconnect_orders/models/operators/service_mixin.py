from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.oiconnect_base.bulk import next_numbers
from odoo.addons.oiconnect_base.time_zone import local_today


class ServiceMixin(models.AbstractModel):
    """Service of an operator from a day on, under a reference, until it ends."""

    _name = "oiconnect.service.mixin"
    _description = "What an operator has for a time"
    _inherit = ["oiconnect.network.mixin", "oiconnect.chatter"]
    _rec_name = "reference"
    # Sequence of the references that we give, and what makes one of a number
    _sequence = None
    _reference_of = None

    reference = fields.Char(size=30, required=True)
    operator_id = fields.Many2one(
        "oiconnect.operator", required=True, index=True, ondelete="restrict"
    )
    start_date = fields.Date(required=True)
    end_date = fields.Date()
    active = fields.Boolean(default=True)

    # Also the search of a pasted reference: reference = x
    _reference_uniq = models.UniqueIndex(
        "(reference, network_id)", "This reference is already used."
    )
    _dates_order = models.Constraint(
        "CHECK (end_date IS NULL OR end_date >= start_date)",
        "It ends before it starts: check the dates.",
    )

    def init(self):
        if self._sequence:
            sequence = SQL.identifier(self._sequence)
            self.env.cr.execute(SQL("CREATE SEQUENCE IF NOT EXISTS %s", sequence))

    @api.depends("reference", "operator_id")
    def _compute_display_name(self):
        for service in self:
            code = service.operator_id.interop_code
            names = (service.reference, code and f"({code})")
            service.display_name = " ".join(filter(None, names))

    @api.model
    def _today_domain(self):
        """Return the domain of what runs today; the last day counts."""
        today = local_today()
        return (
            Domain("active", "=", True)
            & Domain("start_date", "<=", today)
            & (Domain("end_date", "=", False) | Domain("end_date", ">=", today))
        )

    @api.model
    @api.private
    def _running(self, operator, network, more=Domain.TRUE):
        """Return what the operator has today.

        :param more: domain of what is wanted
        """
        return self.sudo().search(
            self._today_domain()
            & Domain("operator_id", "=", operator.id)
            & Domain("network_id", "=", network.id)
            & Domain(more)
        )

    @api.model
    def _begin(self, operator, network, **values):
        """Give it to the operator from today on, under a new reference."""
        [number] = next_numbers(self.env, self._sequence, 1)
        given = {
            "operator_id": operator.id,
            "network_id": network.id,
            "reference": self._reference_of(network.oi_code, number),
            "start_date": local_today(),
        }
        return self.sudo().create(given | values)
