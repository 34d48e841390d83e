import csv
import io

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import split_every

from odoo.addons.oiconnect_base.discussion import OPERATOR_SUBTYPE, to_operator
from odoo.addons.oiconnect_base.models.discussion.operator_message_mixin import QUEUE
from odoo.addons.oiconnect_base.time_zone import local_day

from ...annex import csv_cell

PAGE = 1000


class BillingDispute(models.Model):
    """Answers to an operator, line by line: a file to download, and to send."""

    _inherit = "oiconnect.billing.dispute"

    def action_download_answers(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/oiconnect/billing/dispute/{self.id}",
            "target": "download",
        }

    def action_send_answers(self):
        """Send the answers to whom the invoices go, by mail."""
        self.check_access("write")
        for dispute in self.sudo():
            dispute._send_answers()

    def _send_answers(self):
        partner = self.operator_id._billing_partner()
        if self.line_ids and self.open_count == self.line_count:
            raise UserError(
                self.env._(
                    "No line of %s is answered: accept or refuse lines first.",
                    self.name,
                )
            )
        if not partner.email:
            raise UserError(
                self.env._(
                    "%s has no e-mail address: fill it in on its form, or download the "
                    "answers.",
                    partner.display_name,
                )
            )
        localized = self.with_context(lang=partner.lang or self.env.lang)
        target = io.BytesIO()
        localized._write_answers(target)
        message = to_operator(localized).message_post(
            subject=localized.env._("Answers to your dispute %s", self.name),
            body=localized.env._(
                "Please find attached our answers to the lines of your file %(file)s, "
                "line by line.",
                file=self.file_name or self.name,
            ),
            partner_ids=partner.ids,
            author_id=self.env.user.partner_id.id,
            attachments=[(localized._answers_name(), target.getvalue())],
            message_type="comment",
            subtype_xmlid=OPERATOR_SUBTYPE,
        )
        # Whom invoices go to may have no log-in: the file goes with the mail.
        localized._mail_to_operator(message, partner, with_files=True)
        self.env.ref(QUEUE).sudo()._trigger()
        self.sent_date = fields.Datetime.now()

    def _answers_name(self):
        return self.env._("answers-%s", self.name.replace("/", "-")) + ".csv"

    def _write_answers(self, target):
        """Write the answers to a binary stream, in the order of the operator's file."""
        self.ensure_one()
        self.check_access("read")
        text = io.TextIOWrapper(target, encoding="utf-8-sig", newline="")
        rows = csv.writer(text, delimiter=";", lineterminator="\r\n")
        rows.writerow(self._answers_header())
        lines = self.env["oiconnect.billing.dispute.line"]
        ids = lines.search([("dispute_id", "=", self.id)], order="rank, id").ids
        for page in split_every(PAGE, ids, lines.browse):
            rows.writerows(map(csv_cell, line._answer_cells()) for line in page)
        text.detach()

    def _answers_header(self):
        return [
            self.env._("Line number"),
            self.env._("Your reference"),
            self.env._("Service reference"),
            self.env._("Invoice"),
            self.env._("Product"),
            self.env._("From"),
            self.env._("To"),
            self.env._("Amount excl. tax"),
            self.env._("Amount contested"),
            self.env._("Reason"),
            self.env._("Answer"),
            self.env._("Amount credited"),
            self.env._("Reason of the answer"),
            self.env._("Credit note"),
            self.env._("Answered on"),
        ]


class BillingDisputeLine(models.Model):
    _inherit = "oiconnect.billing.dispute.line"

    def _answer_cells(self):
        accepted = self.state == "accepted"
        labels = dict(self._fields["state"]._description_selection(self.env))
        refund = self.sudo().refund_id
        return [
            self.number,
            self.oc_reference,
            self.service_reference,
            self.sudo().move_id.name,
            self.product_id.name,
            self.date_from,
            self.date_to,
            self.billed_amount,
            self.amount,
            self.reason,
            labels[self.state],
            self.amount if accepted else 0.0,
            self.answer and " ".join(self.answer.split()),
            # A draft has no number yet, and may change.
            refund.name if refund.state == "posted" else None,
            self.answered_date and local_day(self.answered_date),
        ]
