from odoo.tests import Form, new_test_user, tagged

from ..appointment_common import AppointmentCase

PICKED = (
    "oiconnect.building",
    "oiconnect.pto",
    "oiconnect.pbo",
    "oiconnect.pm",
    "oiconnect.access.order",
)


@tagged("post_install", "-at_install")
class TestLinePicker(AppointmentCase):
    """Whatever is known of a line leads to it, wherever it is asked."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.building.write(
            {
                "street_type": "RUE",
                "street_name": "DU LAVOIR",
                "city": "EXEMPLEVILLE",
                "commune_id": cls.commune.id,
            }
        )
        cls.desk = new_test_user(
            cls.env,
            "desk_picker",
            "oiconnect_base.group_access_user,oiconnect_base.group_infra_read",
        )

    def setUp(self):
        super().setUp()
        self.order = self._delivered(
            customer_name="TOURNESOL",
            customer_firstname="Tryphon",
            customer_contact1="06 12 34 50 01",
        )
        self.env.flush_all()

    def picked(self, model, text, user=None, **kwargs):
        records = self.env[model].with_user(user or self.desk)
        return [record_id for record_id, _name in records.name_search(text, **kwargs)]

    def test_each_picker_finds_by_all_that_people_know(self):
        targets = {
            "oiconnect.building": self.building,
            "oiconnect.pto": self.order.pto_id,
            "oiconnect.pbo": self.order.pbo_id,
            "oiconnect.pm": self.pm,
            "oiconnect.access.order": self.order,
        }
        self.assertEqual(set(targets), set(PICKED))
        for model, record in targets.items():
            for text in (
                "tournesol",
                "0612345001",
                "+33 6 12 34 50 01",
                self.order.pto_id.reference,
                self.order.pto_id.reference.replace("-", "").lower(),
                self.order.service_reference,
                self.order.oc_reference,
                "1 rue du lavoir exempleville",
                "lavoir exempleville",
                self.building.identifier,
            ):
                with self.subTest(model=model, text=text):
                    found = self.picked(model, text)
                    self.assertIn(record.id, found, f"{model}: {text}")

    def test_what_is_not_allowed_here_is_not_offered(self):
        domain = [("network_id", "=", 0)]
        for model in PICKED:
            self.assertFalse(self.picked(model, "tournesol", domain=domain), model)

    def test_who_may_not_know_customers_does_not_find_by_them(self):
        reader = new_test_user(
            self.env,
            "reader_picker",
            "oiconnect_base.group_access_read,oiconnect_base.group_infra_read",
        )
        for model in PICKED:
            for text in ("tournesol", "0612345001"):
                self.assertFalse(self.picked(model, text, reader), model)
            self.assertTrue(self.picked(model, "lavoir exempleville", reader), model)

    def test_a_line_is_chosen_by_who_lives_where(self):
        orders = self.env["oiconnect.access.order"].with_user(self.desk)
        [found] = orders.web_name_search("tournesol", {"display_name": {}})
        text = found["__formatted_display_name"]
        for part in ("TOURNESOL Tryphon", "RUE DU LAVOIR", self.order.pto_id.reference):
            self.assertIn(part, text)

    def test_the_visit_is_booked_at_the_place_of_the_customer(self):
        choices = self.env["oiconnect.appointment.choice"].with_user(self.desk)
        form = Form(choices)
        [building] = self.picked("oiconnect.building", "tournesol")
        form.building_id = self.env["oiconnect.building"].browse(building)
        self.assertEqual(form.commune_id, self.commune)
        self.assertEqual(form.network_id, self.network)

    def test_an_existing_socket_tells_its_building(self):
        news = self.env["oiconnect.access.order.new"].with_user(self.desk)
        form = Form(news)
        form.existing_socket = True
        form.pto_id = self.order.pto_id
        self.assertEqual(form.building_id, self.building)
        self.assertEqual(form.network_id, self.network)
