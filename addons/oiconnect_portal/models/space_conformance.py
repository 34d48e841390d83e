from odoo import api, models
from odoo.exceptions import MissingError
from odoo.fields import Domain


class Space(models.AbstractModel):
    """Conformance: the operator goes through its run by itself."""

    _inherit = "oiconnect.portal.space"

    @api.model
    def _conformance_runs(self):
        """Return the last runs of the operator, the newest first."""
        runs = self.env["oiconnect.conformance.run"].sudo()
        return runs.search(Domain("operator_id", "=", self._operator().id), limit=20)

    @api.model
    def _conformance_run(self, run_id):
        """Return a run of the operator.

        :raises MissingError: it is unknown, or another operator's: answered alike
        """
        runs = self.env["oiconnect.conformance.run"].sudo()
        own = Domain("operator_id", "=", self._operator().id)
        found = runs.search(own & Domain("id", "=", min(run_id, 2**31 - 1)))
        if not found:
            raise MissingError(self.env._("There is nothing at this address."))
        return found

    @api.model
    def _sandbox_networks(self):
        return self._networks().filtered("is_sandbox")

    @api.model
    def _conformance_accounts(self, network):
        """Return ``[(label, [log-in])]``: by which the operator sends on a network."""
        return [
            (label, accounts.mapped("login"))
            for label, accounts in self._operator()._sending_accounts(network)
            if accounts
        ]

    @api.model
    def _start_conformance(self, network_id, scope):
        """Start a run on a sandbox network; return it."""
        network = self._sandbox_networks().filtered(lambda one: one.id == network_id)
        runs = self.env["oiconnect.conformance.run"].sudo()
        scopes = dict(runs._fields["scope"].selection)
        if not network or scope not in scopes:
            raise MissingError(self.env._("There is nothing at this address."))
        open_run = self._conformance_runs().filtered(lambda run: run.state == "running")
        return open_run[:1] or runs.create(
            {
                "operator_id": self._operator().id,
                "network_id": network.id,
                "scope": scope,
            }
        )
