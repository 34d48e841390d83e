from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.oiconnect_base.files import uploaded

from ..dispute_file import MAX_PROBLEMS


class BillingDisputeImport(models.TransientModel):
    """Take in what an operator contests: its whole file, or nothing of it."""

    _name = "oiconnect.billing.dispute.import"
    _description = "Import of a dispute"

    operator_id = fields.Many2one("oiconnect.operator", required=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    file = fields.Binary("Csv file", required=True, attachment=False)
    file_name = fields.Char("File name")
    problem_ids = fields.One2many(
        "oiconnect.billing.dispute.problem", "import_id", "Problems", readonly=True
    )
    problem_count = fields.Integer("Problems found", readonly=True)

    def action_import(self):
        """Import the file; show all that is wrong with it if anything is."""
        self.ensure_one()
        disputes = self.env["oiconnect.billing.dispute"]
        disputes.check_access("create")
        if self.company_id not in self.env.companies:
            raise UserError(self.env._("Choose one of your companies."))
        dispute, problems = disputes.sudo()._import_file(
            self.operator_id, self.company_id, uploaded(self), self.file_name
        )
        if problems:
            return self._reopened(problems)
        return {
            "type": "ir.actions.act_window",
            "res_model": dispute._name,
            "res_id": dispute.id,
            "views": [(False, "form")],
        }

    def _reopened(self, problems):
        advice = self.env["oiconnect.billing.dispute"]._advice
        self.problem_ids.unlink()
        self.env["oiconnect.billing.dispute.problem"].create(
            [
                {
                    "import_id": self.id,
                    "line": problem.line,
                    "column": problem.column,
                    "value": problem.value,
                    "advice": advice(problem.code),
                }
                for problem in problems[:MAX_PROBLEMS]
            ]
        )
        self.problem_count = len(problems)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Import a dispute"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }
