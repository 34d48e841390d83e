from odoo import api, fields, models, tools

from odoo.addons.oiconnect_base.models.guarded import EVERY_FIELD

from ...states import CLOSED_STATES, STATES
from .ticket_code import CONFIDENCES

VERSIONS = [("3.0", "SAV 3.0"), ("2.x", "SAV 2.x")]
# troubleTicketState, Interop'Fibre SAV 3.0 §3.1
WIRE_STATES = [
    ("QUEUED", "QUEUED"),
    ("OPENACTIVE", "OPENACTIVE"),
    ("OPENACTIVE.TO.BE.CANCELED", "OPENACTIVE.TO.BE.CANCELED"),
    ("DEFERRED", "DEFERRED"),
    ("CLEARED", "CLEARED"),
    ("CLOSED", "CLOSED"),
    ("CLOSE.CANCELLED", "CLOSE.CANCELLED"),
]


class WireState(models.Model):
    """State of ours as sent to operators, in each version of the protocol.

    Several states of ours may have one on the wire, which has fewer.
    """

    _name = "oiconnect.ticket.wire.state"
    _description = "State of a ticket on the wire"
    _inherit = "oiconnect.cached.mixin"
    _order = "version desc, id"
    _rec_name = "wire_state"
    _free_fields = EVERY_FIELD

    version = fields.Selection(VERSIONS, required=True)
    state = fields.Selection(STATES, "State of ours", required=True)
    wire_state = fields.Selection(WIRE_STATES, "State on the wire", required=True)
    confidence = fields.Selection(CONFIDENCES, default="proposed", required=True)

    _state_uniq = models.UniqueIndex(
        "(version, state)", "This state is already told in this version."
    )

    @api.model
    @api.private
    @tools.ormcache("version")
    def _wire_states(self, version):
        """Return ``{state of ours: state on the wire}`` of a version."""
        lines = self.sudo().search([("version", "=", version)])
        return {line.state: line.wire_state for line in lines}

    @api.model
    @api.private
    def _wire(self, version, state):
        """Return how ``state`` is sent in ``version``.

        Where no line says, a last state is CLOSED and any other OPENACTIVE: what is
        over is never sent as worked on.
        """
        usual = "CLOSED" if state in CLOSED_STATES else "OPENACTIVE"
        return self._wire_states(version).get(state, usual)
