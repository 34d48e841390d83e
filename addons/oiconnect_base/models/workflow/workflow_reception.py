from odoo import api, models
from odoo.fields import Domain

from ...exceptions import WorkflowError
from ...reception import Refusal


class WorkflowMixin(models.AbstractModel):
    """Reception: create records, or fire events on them, from the lines of a flow.

    A model declares the flows that it takes in ``_received_flows``. The methods here
    serve the plain cases; a model writes its own for what has rules of its own.
    """

    _inherit = "oiconnect.workflow"

    # Flow → :class:`..reception.Reception`
    _received_flows = {}
    # :class:`..reception.Message`
    _messages = ()

    @api.model
    @api.private
    def _receive_records(self, lines, operator, network, origin, names):
        """Create a record for each line that could be read.

        :param names: fields that the lines give, by keys of the same names
        :return: ``[(record, [Refusal, …])]`` in the order of the lines
        """
        readable = [line for line in lines if not line.get("errors")]
        owner = {"operator_id": operator.id, "network_id": network.id}
        created = iter(
            self.sudo()._create_from(
                origin,
                [owner | {name: line.get(name) for name in names} for line in readable],
            )
        )
        return [
            (self.browse(), line["errors"])
            if line.get("errors")
            else (next(created), [])
            for line in lines
        ]

    @api.model
    @api.private
    def _receive_event(self, line, operator, network, origin, event, key):
        """Fire ``event`` on the operator's record that ``line`` names.

        :param key: field of the record that the line gives
        """
        named = self.sudo().search(
            Domain("operator_id", "=", operator.id)
            & Domain("network_id", "=", network.id)
            & Domain(key, "=", line.get(key) or False),
            limit=1,
        )
        if not named:
            text = self.env._("No record of the operator has this reference.")
            return named, [Refusal(self._workflow.unknown_code, key, text)]
        if line.get("errors"):
            return named, line["errors"]
        return named._fire_or_refuse(event, origin)

    def _fire_or_refuse(self, event, origin, **values):
        """Fire ``event``; return a refusal when the state does not allow it."""
        try:
            self._fire(event, origin, **values)
        except WorkflowError as error:
            return self, [Refusal(error.code, None, str(error))]
        return self, []

    # ------------------------------------------------------------------
    # A message played again, to see what would come of it; all is undone
    # ------------------------------------------------------------------

    def _release_unique_values(self):
        """Hook: release unique values and reserved resources of these records."""

    def _run_next_steps(self):
        """Hook: run at once the next scheduled steps of new records."""
