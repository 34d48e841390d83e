from datetime import timedelta

from odoo import api, models
from odoo.fields import Domain

from odoo.addons.oiconnect_base.home import DANGER, GOOD, WARNING, Block, Number
from odoo.addons.oiconnect_base.time_zone import local_today, start_of_day

# Imports concern so many days
DAYS = 7


class Home(models.AbstractModel):
    """Imports of the network."""

    _inherit = "oiconnect.home"

    @api.model
    def _blocks(self):
        return [*super()._blocks(), *self._declared(self._import_block)]

    @api.model
    def _import_block(self):
        model, action = "oiconnect.import", "oiconnect_import.import_action"
        since = start_of_day(local_today() - timedelta(days=DAYS - 1))
        recent = Domain("create_date", ">=", since)
        return Block(
            "imports",
            self.env._("Imports of the network"),
            55,
            (
                Number(
                    "checked",
                    self.env._("Checked, to be applied"),
                    model,
                    Domain("state", "=", "checked"),
                    action,
                    WARNING,
                ),
                Number(
                    "busy",
                    self.env._("Waiting or running"),
                    model,
                    Domain("state", "in", ("queued", "running")),
                    action,
                ),
                Number(
                    "failed",
                    self.env._("Refused or failed, of the last 7 days"),
                    model,
                    Domain("state", "in", ("refused", "failed")) & recent,
                    action,
                    DANGER,
                ),
                Number(
                    "done",
                    self.env._("Imported in the last 7 days"),
                    model,
                    Domain("state", "in", ("done", "done_errors")) & recent,
                    action,
                    GOOD,
                ),
            ),
            self.env._("No import in the last 7 days: drop a file to begin one."),
            link=(self.env._("Open the imports"), action),
        )
