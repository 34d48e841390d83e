from lxml import etree

from odoo.tests.common import new_test_user, tagged

from ..appointment_common import AppointmentCase


@tagged("post_install", "-at_install")
class TestAppointmentFind(AppointmentCase):
    """The list of visits: the next one first, where it is, until when it is held."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = new_test_user(
            cls.env, "rdv_util", "oiconnect_base.group_access_user"
        )

    def _listed(self, visits, **context):
        """Return the visits in the order of the list, as the web client asks."""
        found = (
            visits.with_user(self.user)
            .with_context(**context)
            .web_search_read([("id", "in", visits.ids)], {"start": {}}, order="")
        )
        return visits.browse(row["id"] for row in found["records"])

    def test_what_is_to_come_begins_with_the_next_visit(self):
        slots = self._slots()
        later, sooner, last = (self._book(slots[rank].reference) for rank in (2, 0, 4))
        visits = later | sooner | last
        self.assertEqual(self._listed(visits, shown="open"), sooner | later | last)
        for context in ({"shown": "closed"}, {}):
            self.assertEqual(self._listed(visits, **context), last | later | sooner)

    def test_each_filter_of_the_list_says_which_visits_it_shows(self):
        view = self.appointments.get_view(view_type="search")["arch"]
        contexts = {
            node.get("name"): node.get("context")
            for node in etree.fromstring(view).iter("filter")
        }
        for name in ("open", "to_validate", "proposed"):
            self.assertEqual(contexts[name], "{'shown': 'open'}", name)
        self.assertEqual(contexts["closed"], "{'shown': 'closed'}")

    def test_the_list_says_until_when_a_slot_is_held_and_where_one_goes(self):
        view = self.appointments.get_view(view_type="list")["arch"]
        shown = {
            node.get("name"): node.get("optional")
            for node in etree.fromstring(view).iter("field")
        }
        self.assertEqual((shown["expiry_date"], shown["place"]), ("show", "show"))

    def test_the_address_is_that_of_the_building_when_none_was_given(self):
        self.building.write(
            {"street_number": "12", "street_type": "RUE", "street_name": "DES LILAS"}
        )
        visit = self._book(building_id=self.building.id)
        self.assertIn("12 RUE DES LILAS", visit.with_user(self.user).place)
        visit.address = "Portail vert"
        self.assertEqual(visit.with_user(self.user).place, "Portail vert")
        reader = new_test_user(self.env, "rdv_lect", "oiconnect_base.group_access_read")
        self.assertIn("12 RUE DES LILAS", visit.with_user(reader).place)

    def _queries(self, visits):
        """Return how many queries a page of these visits takes, with all columns."""
        view = visits.get_view(view_type="list")["arch"]
        fields = visits._fields
        columns = {
            name: {"fields": {"display_name": {}}} if fields[name].relational else {}
            for node in etree.fromstring(view).iter("field")
            for name in [node.get("name")]
        }
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        visits.with_user(self.user).web_search_read([("id", "in", visits.ids)], columns)
        return self.env.cr.sql_log_count - before

    def test_a_page_of_many_visits_takes_no_more_queries_than_of_few(self):
        visits = self.appointments
        for slot in self._slots()[:4]:
            visit = self._book(slot.reference, building_id=self.building.id)
            visits |= visit
        for building in (self.building, self.other_building):
            order = self._receive(self._line(building_identifier=building.identifier))
            visits.filtered(lambda one: not one.order_id)[:1]._attach_order(order)
        self._queries(visits)
        # Of both, some have an order and some have none yet.
        self.assertEqual(self._queries(visits), self._queries(visits[1:3]))
