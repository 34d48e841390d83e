from odoo import models

from odoo.addons.base.models.ir_model import MODULE_UNINSTALL_FLAG


class ResCompany(models.Model):
    _inherit = "res.company"

    def _load_french_chart(self):
        """Give the company the French chart of accounts (demo network, tests).

        Entries that Odoo's own demo data made under another chart leave with it.
        """
        self.ensure_one()
        if self.chart_template == "fr":
            return
        self.country_id = self.env.ref("base.fr")
        self.account_fiscal_country_id = self.country_id
        entries = self.env["account.move"].search([("company_id", "=", self.id)])
        entries.with_context(**{MODULE_UNINSTALL_FLAG: True}).unlink()
        self.env["account.chart.template"]._load("fr", self, install_demo=False)
