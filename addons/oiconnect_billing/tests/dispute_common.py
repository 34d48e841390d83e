import base64

from odoo.tests import new_test_user

from .common import BillingCase

HEAD = "Line number;Amount contested;Reason"


class DisputeCase(BillingCase):
    """Two operators with posted invoices of January: three accesses, and one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.billing.company
        cls.sold = cls.billing.product(name="Location")
        cls.orders = [
            cls.billing.access(cls.ocaa, "2024-06-10"),
            cls.billing.access(cls.ocaa, "2024-06-10"),
            cls.billing.access(cls.ocaa, "2025-01-15"),
        ]
        cls.billing.access(cls.ocbb, "2024-06-10")
        cls.run_ = cls.billing.compute("2025-01")
        cls.run_.move_ids.action_post()
        cls.move, cls.rivals = (
            cls.run_.move_ids.filtered(lambda m, o=o: m.oiconnect_operator_id == o)
            for o in (cls.ocaa, cls.ocbb)
        )
        cls.lines = cls.move.oiconnect_item_ids.line_ids.sorted("res_id")
        cls.disputes = cls.env["oiconnect.billing.dispute"]

    @classmethod
    def person(cls, login, groups, company=None):
        company = company or cls.company
        user = new_test_user(
            cls.env, login, groups, company_id=company.id, company_ids=company.ids
        )
        return user.with_context(allowed_company_ids=company.ids)

    def content(self, *rows, head=HEAD):
        return "\r\n".join([head, *rows]).encode()

    def import_(self, *rows, head=HEAD, operator=None):
        """Return ``(dispute, {(line, code)})``."""
        dispute, problems = self.disputes.sudo()._import_file(
            operator or self.ocaa, self.company, self.content(*rows, head=head), "a.csv"
        )
        return dispute, [(one.line, one.code) for one in problems]

    def contest(self, *amounts, reason="Résilié"):
        """Contest the first lines of the invoice, each by an amount."""
        rows = [
            f"L{line.id};{amount};{reason}"
            for line, amount in zip(self.lines, amounts, strict=False)
        ]
        dispute, problems = self.import_(*rows)
        self.assertEqual(problems, [])
        return dispute

    def import_as(self, user, content, operator=None):
        wizard = (
            self.env["oiconnect.billing.dispute.import"]
            .with_user(user)
            .create(
                {
                    "operator_id": (operator or self.ocaa).id,
                    "company_id": self.company.id,
                    "file": base64.b64encode(content),
                    "file_name": "contestation.csv",
                }
            )
        )
        return wizard, wizard.action_import()
