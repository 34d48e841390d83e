from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import formatLang

# Names that a person reads who may not post
MAX_POSTERS = 3


class AccountMove(models.Model):
    _inherit = "account.move"
    _creation_fields = ("oiconnect_operator_id",)

    oiconnect_run_id = fields.Many2one(
        "oiconnect.billing.run",
        "Billing run",
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
        readonly=True,
    )
    # Copied: a credit note or a corrected invoice is the operator's too.
    oiconnect_operator_id = fields.Many2one(
        "oiconnect.operator",
        "Operator",
        index="btree_not_null",
        ondelete="restrict",
        readonly=True,
    )
    oiconnect_item_ids = fields.One2many(
        "oiconnect.billing.item", "move_id", "Billed items", copy=False
    )
    oiconnect_line_count = fields.Integer(
        "Billed accesses", compute="_compute_oiconnect_line_count", store=True
    )
    oiconnect_posters = fields.Char(
        "Who can post it", compute="_compute_oiconnect_posters", compute_sudo=True
    )
    oiconnect_posted_on = fields.Datetime("Posted on", copy=False, readonly=True)

    # The list of the operators' invoices.
    _oiconnect_idx = models.Index(
        "(invoice_date DESC, id DESC) WHERE oiconnect_operator_id IS NOT NULL"
    )

    @api.depends("oiconnect_item_ids.line_count")
    def _compute_oiconnect_line_count(self):
        for move in self:
            move.oiconnect_line_count = sum(
                move.sudo().oiconnect_item_ids.mapped("line_count")
            )

    @api.depends("company_id")
    def _compute_oiconnect_posters(self):
        """Name some of those whom a person without the right has to ask."""
        posters = self.env.ref("account.group_account_invoice").all_user_ids
        for move in self:
            found = posters.filtered_domain(
                [("share", "=", False), ("company_ids", "in", move.company_id.ids)]
            )
            names = ", ".join(found[:MAX_POSTERS].mapped("name"))
            move.oiconnect_posters = names or self.env._(
                "nobody yet, an administrator gives this right"
            )

    def _post(self, soft=True):
        self._check_run_is_validated()
        self._check_items_agree()
        posted = super()._post(soft)
        posted.filtered("oiconnect_operator_id").sudo().write(
            {"oiconnect_posted_on": fields.Datetime.now()}
        )
        return posted

    def _check_run_is_validated(self):
        runs = self.sudo().oiconnect_run_id
        for run in runs.filtered(lambda run: run._awaits_validation()):
            raise UserError(
                self.env._(
                    "%s is not validated yet: somebody else than who computed it does "
                    "so on its form.",
                    run.name,
                )
            )

    def _check_items_agree(self):
        """Refuse to post a line that is not what its accesses make.

        Drafts are edited as any other: also after somebody else has validated them.
        """
        for item in self.sudo().oiconnect_item_ids:
            move, line = item.move_id, item.move_line_id
            sign = -1 if move.move_type == "out_refund" else 1
            if move.currency_id.compare_amounts(
                sign * line.price_subtotal, item.amount
            ):
                raise UserError(
                    self.env._(
                        "%(invoice)s: “%(line)s” is not %(amount)s, which its accesses "
                        "make. Put that amount back, and add a line for what you "
                        "grant.",
                        invoice=move.display_name,
                        line=line.name,
                        amount=formatLang(
                            self.env, item.amount, currency_obj=move.currency_id
                        ),
                    )
                )

    def button_draft(self):
        """An invoice that gave its accesses back may not come to life again."""
        for move in self:
            if move.state == "cancel" and move.oiconnect_run_id:
                raise UserError(
                    self.env._(
                        "%(invoice)s was cancelled and its accesses can be billed "
                        "again: compute the run %(run)s instead.",
                        invoice=move.display_name,
                        run=move.sudo().oiconnect_run_id.name,
                    )
                )
        result = super().button_draft()
        invoices = self.filtered("oiconnect_operator_id")
        invoices.sudo().write({"oiconnect_posted_on": False})
        # What may change has no annex yet: the next sending makes it anew.
        self._oiconnect_annexes().unlink()
        return result

    def button_cancel(self):
        result = super().button_cancel()
        self.sudo().oiconnect_item_ids.unlink()
        return result

    def unlink(self):
        # Before anything is read: whether the record exists is not revealed.
        self.check_access("unlink")
        self.sudo().oiconnect_item_ids.unlink()
        return super().unlink()

    def action_oiconnect_open_accounting(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "res_id": self.id,
            "views": [(self.env.ref("account.view_move_form").id, "form")],
        }

    def action_oiconnect_print(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/oiconnect/billing/invoice/{self.id}",
            "target": "download",
        }

    def action_oiconnect_lines(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "oiconnect.billing.line",
            "view_mode": "list",
            "domain": [("move_id", "=", self.id)],
            "name": self.env._("Billed accesses"),
        }


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def unlink(self):
        """A line taken off a draft invoice gives its accesses back."""
        self.env["oiconnect.billing.item"].sudo().search(
            [("move_line_id", "in", self.ids)]
        ).unlink()
        return super().unlink()
