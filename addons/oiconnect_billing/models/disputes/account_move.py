from odoo import fields, models
from odoo.exceptions import UserError


class AccountMove(models.Model):
    """Invoices whose lines are contested, and the credit notes made of that."""

    _inherit = "account.move"

    oiconnect_dispute_id = fields.Many2one(
        "oiconnect.billing.dispute",
        "Dispute",
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
        readonly=True,
    )
    oiconnect_disputed_count = fields.Integer(
        "Contested lines", compute="_compute_oiconnect_disputed_count"
    )

    def _compute_oiconnect_disputed_count(self):
        lines = self.env["oiconnect.billing.dispute.line"]
        for move in self:
            count = 0
            if lines.has_access("read"):
                count = lines.search_count(move._oiconnect_disputed_domain())
            move.oiconnect_disputed_count = count

    def _oiconnect_disputed_domain(self):
        """Return which contested lines the invoice billed, or the note credits."""
        names = ("move_id", "refund_line_id.move_id")
        return ["|", *((name, "in", self.ids) for name in names)]

    def action_oiconnect_disputed_lines(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "oiconnect_billing.billing_dispute_line_action"
        )
        return action | {"domain": self._oiconnect_disputed_domain(), "context": {}}

    def _credited_lines(self):
        """Return the contested lines that the credit notes credit."""
        notes = self.filtered("oiconnect_dispute_id")
        lines = self.env["oiconnect.billing.dispute.line"].sudo()
        return lines.search([("refund_line_id.move_id", "in", notes.ids)])

    def _post(self, soft=True):
        self._check_second_person()
        return super()._post(soft)

    def _check_second_person(self):
        """Refuse that one person accepts a dispute and posts its credit note."""
        for move in self.sudo():
            required = move.company_id.oiconnect_billing_second
            if not (required and move.oiconnect_dispute_id):
                continue
            if self.env.user in move._credited_lines().answered_by_id:
                raise UserError(
                    self.env._(
                        "You have accepted lines of the credit note %s yourself: "
                        "somebody else posts it.",
                        move.display_name,
                    )
                )

    def button_draft(self):
        """A credit note that gave its lines back may not come to life again."""
        for move in self:
            if move.state == "cancel" and move.oiconnect_dispute_id:
                raise UserError(
                    self.env._(
                        "%(note)s was cancelled and its lines can be credited again: "
                        "make the credit note from %(dispute)s instead.",
                        note=move.display_name,
                        dispute=move.sudo().oiconnect_dispute_id.name,
                    )
                )
        return super().button_draft()

    def button_cancel(self):
        result = super().button_cancel()
        self._credited_lines().write({"refund_line_id": False})
        return result
