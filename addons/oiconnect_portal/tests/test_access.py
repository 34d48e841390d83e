import re

from odoo.tests import tagged

from .. import guide_pages
from ..pages import MORE, PAGES
from .space_common import SpaceCase


@tagged("post_install", "-at_install")
class TestAccess(SpaceCase):
    """Who has a space, and what the lists of it show."""

    def test_a_contact_of_an_operator_is_one_of_its_people(self):
        self.assertEqual(self._space()._operator(), self.operator)
        self.assertEqual(self._space(self.rival_person)._operator(), self.rival)

    def test_our_own_people_have_no_space(self):
        admin = self.env.ref("base.user_admin")
        self.assertFalse(self._space(admin)._operator())

    def test_every_page_opens_and_shows_what_is_the_operators(self):
        self._log_in()
        self.assertIn("OCT1", self._get())
        for key, record in self.own.items():
            with self.subTest(key):
                listed = self._get(f"/{key}?shown=all")
                self.assertIn(f"/{key}/{record.id}", listed)
                self.assertIn(record.display_name, self._get(f"/{key}/{record.id}"))
        for path in ("/conditions", "/eligibilite", "/rendez-vous/nouveau"):
            self._get(path)

    def test_each_page_of_the_menu_opens_and_leads_to_its_help(self):
        self._log_in()
        told = set()
        for key in (*PAGES, *(key for key, _icon, _title in MORE)):
            page = self._get(f"/{key}")
            topic = guide_pages.topic_of(key)
            told.add(topic)
            self.assertEqual(f"/my/oiconnect/aide/{topic}" in page, key != "aide", key)
        self.assertEqual({*told, guide_pages.HOME} - {None}, {*guide_pages.topics()})
        links = set()
        for topic in guide_pages.topics():
            page = self._get(f"/aide/{topic}")
            links |= set(re.findall(r'href="/my/oiconnect(/[^"#]*)', page))
        for link in links:
            self._get(link)
        self.assertIn("FIMP13", self._get("/aide/echanges"))
        self._get("/aide/nulle-part", status=404)

    def test_lists_are_searched_filtered_sorted_and_empty_lists_say_what_to_do(self):
        self._log_in()
        for key, page in PAGES.items():
            with self.subTest(key):
                self._get(f"/{key}?shown=all&sort={page.sorts[-1][0]}")
                found = self._get(f"/{key}?shown=all&search=RIEN-DE-TEL")
                self.assertNotIn(f'/{key}/{self.own[key].id}"', found)
        state = self.own["acces"].state
        found = self._get(f"/acces?shown=all&state={state}")
        self.assertIn(f"/acces/{self.own['acces'].id}", found)

    def test_long_lists_have_pages(self):
        for rank in range(25):
            self._file(self.operator, f"PAGE-{rank:02}.csv")
        self._log_in()
        self.assertIn("PAGE-00.csv", self._get("/echanges?page=2&search=PAGE-"))
        self.assertNotIn("PAGE-00.csv", self._get("/echanges?search=PAGE-"))

    def test_what_is_asked_without_sense_is_no_error(self):
        self._log_in()
        for query in ("page=-1", "page=x", "page=999999999999", "sort=id;", "state=x"):
            self._get(f"/acces?{query}")
        self._get("/acces/99999999999", status=404)
        self._get("/nulle-part", status=404)

    def test_people_of_an_archived_operator_see_nothing_any_more(self):
        self._log_in()
        order = self.own["acces"]
        self.assertTrue(self._as(order._name).search([]))
        self.operator.active = False
        self.env.flush_all()
        self.assertFalse(self._as(order._name).search([]))
        self.assertFalse(self._as(order._name).browse(order.id).has_access("read"))
        for path in ("", "/acces", f"/acces/{order.id}", "/conditions"):
            told = self._get(path)
            self.assertIn("o_oiconnect_nobody", told)
            self.assertNotIn("MINE", told)

    def test_a_contact_who_leaves_sees_nothing_any_more(self):
        self.assertTrue(self._as("oiconnect.access.order").search([]))
        self.person.partner_id.parent_id = False
        self.env.flush_all()
        self.assertFalse(self._as("oiconnect.access.order").search([]))

    def test_the_portal_dialog_of_odoo_invites_a_contact(self):
        contact = self.env["res.partner"].create(
            {
                "name": "Invitée",
                "parent_id": self.operator.partner_id.id,
                "email": "invitee@example.com",
            }
        )
        wizard = self.env["portal.wizard"].with_context(active_ids=contact.ids)
        wizard = wizard.create({})
        wizard.user_ids.action_grant_access()
        user = contact.user_ids
        self.assertEqual(self._space(user)._operator(), self.operator)
        self.assertFalse(self._space(user)._may_make_keys())
