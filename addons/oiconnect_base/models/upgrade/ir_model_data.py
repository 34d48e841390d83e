from odoo import api, models

from ...before_first_release import RELEASED


class IrModelData(models.Model):
    _inherit = "ir.model.data"

    def init(self):
        """Stop an upgrade that would leave out migrations, before it writes anything.

        :raises RuntimeError: ``before_first_release.py`` has not run where it had to
        """
        self.env.cr.execute(
            """
            SELECT FROM ir_module_module
             WHERE name = 'oiconnect_base' AND state = 'to upgrade'
               AND latest_version LIKE '19.0.1.%%'
               AND NOT EXISTS (SELECT FROM ir_config_parameter WHERE key = %s)
            """,
            [RELEASED],
        )
        if self.env.cr.rowcount:
            raise RuntimeError(
                "This database is of before the first release: name"
                " oiconnect_base/before_first_release.py in pre_upgrade_scripts of the"
                " configuration of Odoo."
            )
        return super().init()

    @api.model
    def _process_end(self, modules):
        """Check administrators' views, before and after ours that went are deleted."""
        views = self.env["ir.ui.view"]
        if modules:
            views._detach_from_removed()
        result = super()._process_end(modules)
        if modules:
            views._restore_edited()
            views._deactivate_incompatible()
        return result
