# pylint: disable=translation-required
import base64
import io
import zipfile

from openpyxl import load_workbook

from odoo.exceptions import AccessError, UserError
from odoo.tests.common import new_test_user, tagged

from .test_customer_erased import CUSTOMER, ErasedCase


@tagged("post_install", "-at_install")
class TestCustomerExport(ErasedCase):
    """A customer asks for all data stored about them: an administrator exports it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        order = cls.orders._receive(
            [cls._line(**CUSTOMER)], cls.operator, cls.network, cls.origin
        )[0][0]
        cls.order = order.with_env(cls.env)
        cls.order._study()
        other = cls._line(customer_name="AUTRE", customer_contact1="0600000099")
        cls.orders._receive([other], cls.rival, cls.network, cls.origin)

    def _export(self, sought, user=None):
        exports = self.env["oiconnect.customer.export"].with_user(user or self.manager)
        return exports.create({"sought": sought})

    def _book(self, export):
        raw = io.BytesIO(base64.b64decode(export.file))
        return {
            sheet.title: [[cell.value for cell in row] for row in sheet.iter_rows()]
            for sheet in load_workbook(raw).worksheets
        }

    def test_a_person_is_found_by_what_they_can_tell(self):
        for sought in (
            "exemple",
            "Camille Exemple",
            "EXEMPLE CAMILLE",
            "06 00 00 00 01",
            "+33600000001",
            "Camille@exemple.invalid",
            self.order.oc_reference,
            self.order.service_reference,
        ):
            with self.subTest(sought):
                self.assertEqual(self._export(sought).order_ids, self.order)

    def test_others_are_not_found(self):
        for sought in ("", "AB", "Camille Autre", "0600000002", "OCT-999999"):
            with self.subTest(sought):
                self.assertFalse(self._export(sought).order_ids)

    def test_the_workbook_tells_the_order_its_history_and_its_messages(self):
        export = self._export("EXEMPLE")
        self.order.message_post(body="Rappeler la cliente")
        action = export.action_export()
        self.assertIn(f"/{export.id}/file/", action["url"])
        book = self._book(export)
        orders, _visits, steps, messages, discussion = list(book.values())[:5]
        values = {row[1]: row[2] for row in orders[1:]}
        self.assertEqual(values["Last name"], "EXEMPLE")
        self.assertEqual(values["Contact 1"], "0600000001")
        self.assertEqual(values["Operator's comment"], CUSTOMER["comment"])
        self.assertIn("Acknowledgement", [row[2] for row in steps])
        self.assertIn("CMD_STOC", [row[2] for row in messages])
        self.assertIn("Rappeler la cliente", [row[3] for row in discussion])
        self.assertNotIn("AUTRE", str(book))

    def test_a_cell_is_a_text_whatever_it_begins_with(self):
        self.order.customer_firstname = "=1+1"
        export = self._export(self.order.oc_reference)
        export.action_export()
        raw = io.BytesIO(base64.b64decode(export.file))
        shared = zipfile.ZipFile(raw).read("xl/sharedStrings.xml").decode()
        self.assertIn(">=1+1<", shared)

    def test_the_order_keeps_that_it_was_exported_and_by_whom(self):
        self._export("EXEMPLE").action_export()
        message = self.order.message_ids[0]
        self.assertEqual(message.author_id, self.manager.partner_id)
        self.assertIn("exported", message.body)

    def test_no_one_found_and_too_many_found_say_what_to_do(self):
        with self.assertRaisesRegex(UserError, "No order names this person"):
            self._export("Personne").action_export()
        export = self._export("EXEMPLE")
        self.patch(self._module(), "MOST", 0)
        with self.assertRaisesRegex(UserError, "search more precisely"):
            export.action_export()

    def _module(self):
        from ...wizard.customers import customer_export

        return customer_export

    def test_the_button_of_the_order_opens_the_export_on_it(self):
        action = self.order.with_user(self.manager).action_export_customer()
        exports = self.env["oiconnect.customer.export"].with_user(self.manager)
        self.assertEqual(
            exports.with_context(**action["context"]).create({}).order_ids, self.order
        )

    def test_administrators_only(self):
        user = new_test_user(
            self.env, "export_user", "oiconnect_base.group_access_user"
        )
        with self.assertRaises(AccessError):
            self._export("EXEMPLE", user)
