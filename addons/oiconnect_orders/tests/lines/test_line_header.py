from odoo.tests import BaseCase, new_test_user, tagged

from ...personal import contact_link
from ..appointment_common import AppointmentCase
from ..link_orders.common import make_link

READERS = "oiconnect_base.group_access_read,oiconnect_base.group_infra_read"


class TestContactLink(BaseCase):
    """A telephone and an address of mail are tapped, another text is not."""

    def test_what_a_tap_opens(self):
        for text, href in (
            ("06 00 00 00 01", "tel:0600000001"),
            ("+33.6.00.00.00.01", "tel:+33600000001"),
            ("client@example.com", "mailto:client@example.com"),
            ("le gardien", ""),
            ("poste 12", ""),
        ):
            self.assertEqual(contact_link(text), href, text)


@tagged("post_install", "-at_install")
class TestLineHeader(AppointmentCase):
    """One header wherever a line is met: who, where, in which state, what is next."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.building.write(
            {"street_type": "RUE", "street_name": "DES LILAS", "city": "EXEMPLEVILLE"}
        )
        cls.desk = new_test_user(
            cls.env,
            "desk_header",
            "oiconnect_base.group_access_user,oiconnect_base.group_infra_read",
        )
        cls.reader = new_test_user(cls.env, "reader_header", READERS)

    def header(self, record, user=None):
        return record.with_user(user or self.desk).line_header

    def actions(self, record, user=None):
        return [action["name"] for action in self.header(record, user)["actions"]]

    def test_an_order_in_service_says_its_whole_line(self):
        order = self._delivered()
        header = self.header(order)
        self.assertEqual(header["customer"], "EXEMPLE")
        self.assertEqual(
            header["contacts"], [{"text": "0600000001", "href": "tel:0600000001"}]
        )
        self.assertIn("RUE DES LILAS", header["address"]["text"])
        self.assertEqual(header["address"]["id"], self.building.id)
        self.assertEqual(header["operator"]["text"], self.operator.display_name)
        self.assertEqual(header["service"], order.service_reference)
        self.assertEqual(header["state"]["style"], "success")
        self.assertEqual(
            [point["text"] for point in header["points"]],
            [self.pm.reference, order.pbo_id.reference, order.pto_id.reference],
        )

    def test_who_may_not_know_customers_reads_the_line_without_them(self):
        order = self._delivered()
        header = self.header(order, self.reader)
        self.assertFalse(header["customer"] or header["contacts"])
        self.assertTrue(header["points"])
        self.assertEqual(self.actions(order, self.reader), ["action_trace_line"])

    def test_a_visit_that_is_lacking_is_booked_from_the_header(self):
        order = self._order()
        order.sudo().connection_type = "oi"
        self.assertIn("action_book_appointment", self.actions(order))
        self.assertNotIn("action_book_appointment", self.actions(order, self.reader))

    def test_the_visit_is_what_comes_next(self):
        order = self._oi_order()
        visit = order.appointment_id
        header = self.header(order)
        self.assertEqual(header["next"]["date"], f"{visit.start}")
        self.assertNotIn("action_book_appointment", self.actions(order))
        self.assertIn(
            ("oiconnect.appointment", visit.id),
            [(one["model"], one["id"]) for one in header["related"]],
        )
        shown = self.header(visit)
        self.assertEqual(shown["customer"], "EXEMPLE")
        self.assertEqual(shown["related"][0]["id"], order.id)
        self.assertEqual(shown["state"]["text"], header["state"]["text"])

    def test_an_order_is_taken_for_a_visit_that_was_booked_first(self):
        visit = self._book(building_id=self.building.id)
        header = self.header(visit)
        self.assertIn("RUE DES LILAS", header["address"]["text"])
        self.assertFalse(header["customer"])
        action = visit.with_user(self.desk).action_order_here()
        news = self.env["oiconnect.access.order.new"].with_user(self.desk)
        new = news.with_context(**action["context"]).create({})
        self.assertEqual(
            (new.appointment_id, new.building_id, new.network_id, new.connection_type),
            (visit, self.building, self.network, "oi"),
        )
        self.assertNotIn("action_order_here", self.actions(visit, self.reader))

    def test_another_operator_orders_the_line_on_its_socket(self):
        order = self._delivered()
        order._fire("activate")
        self.assertIn("action_order_here", self.actions(order))
        context = order.with_user(self.desk).action_order_here()["context"]
        self.assertEqual(context["default_pto_id"], order.pto_id.id)
        self.assertTrue(context["default_existing_socket"])

    def test_what_was_ordered_where_no_building_is_known(self):
        order = self._order(
            building_identifier="INCONNU/B/1",
            street_number="7",
            street_type="RUE",
            street_name="PERDUE",
            city="EXEMPLEVILLE",
        )
        self.assertFalse(order.building_id)
        self.assertEqual(
            self.header(order)["address"]["text"], "7 RUE PERDUE, EXEMPLEVILLE"
        )
        self.assertEqual(self.actions(order), [])

    def test_a_delay_that_runs_has_its_date_and_colour(self):
        order = self._order()
        order.sudo().write({"due_date": "2026-11-20 08:00:00"})
        self.assertEqual(self.header(order)["due"]["style"], "danger")
        self.assertEqual(self.header(order)["due"]["date"], "2026-11-20 08:00:00")

    def test_an_order_of_a_link_goes_from_its_prdm_to_its_pm(self):
        link = make_link(self.env, self.network, self.pm, "OITO")
        order = self.env["oiconnect.link.order"].new(
            {
                "operator_id": self.operator.id,
                "network_id": self.network.id,
                "link_id": link.id,
                "pm_id": self.pm.id,
                "prdm_id": link.prdm_id.id,
                "state": "received",
            }
        )
        self.assertEqual(
            [point["text"] for point in order.line_header["points"]],
            [link.prdm_id.display_name, link.reference, self.pm.reference],
        )
