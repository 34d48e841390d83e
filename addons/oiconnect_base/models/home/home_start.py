from odoo import api, models
from odoo.fields import Domain

from ...home import Step

ADMINISTRATOR = "base.group_system"


class Home(models.AbstractModel):
    """The steps from an empty database to the first order, for its administrator."""

    _inherit = "oiconnect.home"

    @api.model
    def _steps(self):
        """Return the first steps; for each addon to extend."""
        return [
            Step(
                "network",
                10,
                self.env._("Company and network"),
                self.env._(
                    "Your company's name and SIREN, the OI code and the prefix of its "
                    "sockets: files and references are made of them."
                ),
                self._has_network,
                self.env._("Describe the network"),
                "oiconnect_base.network_action",
                "form",
            ),
            Step(
                "operators",
                20,
                self.env._("Commercial operators"),
                self.env._(
                    "Each operator that orders on your network, with its "
                    "Interop'Fibre code and its contacts."
                ),
                self._has_operator,
                self.env._("Add an operator"),
                "oiconnect_base.operator_action",
                "form",
            ),
        ]

    @api.model
    def _real_networks(self):
        return Domain("is_sandbox", "=", False)

    @api.model
    def _has_network(self):
        networks = self.env["oiconnect.network"].sudo()
        domain = self._real_networks() & Domain("siren", "!=", False)
        return bool(networks.search_count(domain, limit=1))

    @api.model
    def _has_operator(self):
        return bool(self.env["oiconnect.operator"].sudo().search_count([], limit=1))

    @api.model
    def _shown_steps(self):
        """Return the first steps, for an administrator and until all are done."""
        if not self.env.user.has_group(ADMINISTRATOR):
            return []
        steps = sorted(self._steps(), key=lambda step: step.rank)
        return [] if all(step.is_done() for step in steps) else steps

    @api.model
    def _drawn_start(self, steps, actions):
        """Return the steps for the client; who has hidden them may show them again."""
        if not steps:
            return False
        settings = self.env.user.res_users_settings_id
        return {
            "is_hidden": settings.oiconnect_start_hidden,
            "steps": [self._drawn_step(step, actions) for step in steps],
        }

    @api.model
    def _drawn_step(self, step, actions):
        model = self.env[actions[step.action]["res_model"]]
        return {
            "key": step.key,
            "label": step.label,
            "text": step.text,
            "button": step.button,
            "action": step.action,
            "view": step.view,
            "is_done": step.is_done(),
            "is_allowed": model.has_access("create" if step.view == "form" else "read"),
        }

    @api.model
    def hide_start(self, hidden=True):
        """Hide the first steps from the administrator who asks, or show them again."""
        self._check_reader()
        settings = self.env["res.users.settings"]._find_or_create_for_user(
            self.env.user
        )
        settings.sudo().oiconnect_start_hidden = bool(hidden)
