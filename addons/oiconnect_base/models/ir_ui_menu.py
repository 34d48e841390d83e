from odoo import models

# Applications of libraries that we stand on, which nobody opens every day
TECHNICAL_APPS = (
    "fastapi.menu_fastapi_root",
    "queue_job.menu_queue_job_root",
    "spreadsheet_dashboard.spreadsheet_dashboard_menu_root",
)


class IrUiMenu(models.Model):
    """Applications that are for developers stand in their mode alone."""

    _inherit = "ir.ui.menu"

    def _load_menus_blacklist(self):
        hidden = super()._load_menus_blacklist()
        if self.env.user.has_group("base.group_no_one"):
            return hidden
        menus = (
            self.env.ref(name, raise_if_not_found=False) for name in TECHNICAL_APPS
        )
        return hidden + [menu.id for menu in menus if menu]
