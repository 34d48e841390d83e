from odoo import api, models
from odoo.fields import Domain

from ...exceptions import WorkflowError
from ...reception import Refusal


class WorkflowMixin(models.AbstractModel):
    """What partners ask of records, by whatever channel: new records and events.

    A model declares the flows that it takes in ``_received_flows``. The methods here
    serve the plain cases; a model writes its own for what has rules of its own.
    """

    _inherit = "oiconnect.workflow"

    # Flow → :class:`..reception.Reception`
    _received_flows = {}

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
        return named._try(event, origin)

    def _try(self, event, origin, **values):
        """Fire ``event``; a state that refuses it gives a refusal, no error."""
        try:
            self._fire(event, origin, **values)
        except WorkflowError as error:
            return self, [Refusal(error.code, None, str(error))]
        return self, []

    # ------------------------------------------------------------------
    # A message played again, to see what would come of it; all is undone
    # ------------------------------------------------------------------

    def _give_room(self):
        """Hook: give back what is unique or scarce, as if these had never come."""

    def _go_on_at_once(self):
        """Hook: do at once what scheduled actions would do next with new records."""
