from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tests.common import new_test_user, tagged
from odoo.tools import SQL, mute_logger

from ...personal import phone_part
from ..appointment_common import AppointmentCase

PHONE = "+33 (0)6 00 99 90 01"


@tagged("post_install", "-at_install")
class TestCustomerFound(AppointmentCase):
    """Search of a caller by name or telephone, by those who may see customers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = new_test_user(
            cls.env, "trouve_util", "oiconnect_base.group_access_user"
        )
        cls.reader = new_test_user(
            cls.env, "trouve_lect", "oiconnect_base.group_access_read"
        )

    def setUp(self):
        super().setUp()
        self.visit = self._book(building_id=self.building.id)
        self.order = self._oi_order(
            self.visit,
            customer_name="LE GOFF-EXEMPLE",
            customer_firstname="Zoé",
            customer_contact1="0100000000",
            customer_contact2=PHONE,
        )
        self.other = self._order(
            customer_name="EXEMPLE", customer_contact1="0600000002"
        )
        # What is to do of the order, and what was of the request for its visit.
        about = [(self.order._name, self.order.id), (self.visit._name, self.visit.id)]
        self.todo = self.env["oiconnect.todo"].search(
            Domain.OR(
                Domain("res_model", "=", model) & Domain("res_id", "=", res_id)
                for model, res_id in about
            )
        )
        self.env.flush_all()

    def _found(self, record, text, user=None):
        model = record.with_user(user or self.user).browse()
        return model.search([("customer", "ilike", text)])

    def test_the_order_its_visit_and_what_is_to_do_of_it(self):
        self.assertEqual(set(self.todo.mapped("kind")), {"appointment", "report"})
        for text in (
            "goff",
            "exemple le goff",
            "Zoé Le Goff",
            "0600999001",
            "06.00.99.90.01",
            "+33600999001",
            "0033 6 00 99 90 01",
            "06 00 99",
            "+33 6 00 99",
        ):
            for record in (self.order, self.visit, self.todo):
                with self.subTest(text, model=record._name):
                    self.assertEqual(set(self._found(record, text)), set(record))

    def test_no_other_customer(self):
        for text in ("06 00 99 90 02", "goff camille", "%", "_", " ", "06", "33"):
            for record in (self.order, self.visit, self.todo):
                with self.subTest(text, model=record._name):
                    self.assertFalse(self._found(record, text))

    def test_a_short_name_is_found_when_it_is_the_whole_name(self):
        self.other.customer_name = "NG"
        self.assertEqual(self._found(self.other, "ng"), self.other)
        self.assertFalse(self._found(self.other, "le"))

    def test_postal_codes_and_references_are_no_telephones(self):
        for text in ("99001", "OCT-000001", "ZO-0600-9990", "", None):
            self.assertFalse(phone_part(text), text)

    @mute_logger("odoo.models")
    def test_without_the_right_no_search_reveals_anything(self):
        for record in (self.order, self.visit, self.todo):
            for text in ("goff", "0600999001", "inconnu"):
                with self.subTest(text, model=record._name):
                    with self.assertRaises(AccessError):
                        self._found(record, text, self.reader)
            self.assertNotIn("customer", record.with_user(self.reader).fields_get())
            search = record.with_user(self.reader).get_view(view_type="search")
            self.assertNotIn('name="customer"', search["arch"])
            self.assertIn(
                'name="customer"',
                record.with_user(self.user).get_view(view_type="search")["arch"],
            )

    def _box(self, text, user=None):
        search = self.env["oiconnect.quick.search"].with_user(user or self.user)
        return search.find(text)

    def test_the_search_box_leads_to_the_order_and_its_visit(self):
        for text in ("le goff", "zoé exemple", "06 00 99 90 01", "+33600999001"):
            with self.subTest(text):
                groups = self._box(text)["groups"]
                found = {group["model"]: group["records"] for group in groups}
                [order] = found["oiconnect.access.order"]
                [visit] = found["oiconnect.appointment"]
                self.assertEqual((order["id"], visit["id"]), (self.order.id, self.visit.id))  # fmt: skip  # noqa: E501
                self.assertIn("LE GOFF-EXEMPLE Zoé", order["detail"])

    def test_the_search_box_tells_a_reader_nothing_of_customers(self):
        for text in ("le goff", "zoé exemple", "06 00 99 90 01", "+33600999001"):
            self.assertFalse(self._box(text, self.reader)["groups"], text)
        [group] = self._box(self.order.oc_reference, self.reader)["groups"]
        self.assertNotIn("GOFF", str(group))

    def test_each_search_has_its_index(self):
        # Nearly empty, a table is as well read without any.
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        for text, indexes in (
            ("exemple", ("customer_name_index", "customer_firstname_index")),
            ("ng", ("customer_name_index", "customer_firstname_index")),
            ("0600999001", ("phone_idx",)),
            ("06 00 99", ("phone_idx",)),
        ):
            query = self.order._search([("customer", "ilike", text)])
            self.env.cr.execute(SQL("EXPLAIN %s", query.select()))
            plan = "\n".join(line for (line,) in self.env.cr.fetchall())
            for index in indexes:
                self.assertRegex(plan, rf"oiconnect_access_order_+{index}")
