import re

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .. import guide_pages
from ..pages import MORE, PAGES
from .space_common import SpaceCase


@tagged("post_install", "-at_install")
class TestAccess(SpaceCase):
    """Access to the space, and the content of its lists."""

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
        topics = set()
        for key in (*PAGES, *(key for key, _icon, _title in MORE)):
            page = self._get(f"/{key}")
            topic = guide_pages.topic_of(key)
            topics.add(topic)
            self.assertEqual(f"/my/oiconnect/aide/{topic}" in page, key != "aide", key)
        self.assertEqual({*topics, guide_pages.HOME} - {None}, {*guide_pages.topics()})
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

    def test_a_query_without_sense_is_no_error(self):
        self._log_in()
        for query in ("page=-1", "page=x", "page=999999999999", "sort=id;", "state=x"):
            self._get(f"/acces?{query}")
        # Digits that are no number, and more of them than one is made of
        for page in ("%C2%B2", "9" * 5000):
            self._get(f"/acces?page={page}")
            self._get(f"/factures?page={page}")
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
            answer = self._get(path)
            self.assertIn("o_oiconnect_without_operator", answer)
            self.assertNotIn("MINE", answer)

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

    def test_who_writes_contacts_opens_no_space(self):
        """Right to write contacts, which any employee may have, lets no one in."""
        employee = new_test_user(
            self.env, "essai_contacts", "base.group_user,base.group_partner_manager"
        )
        company, mail = self.operator.partner_id, "essai_contact@example.com"
        contact, friend = self.env["res.partner"].create(
            [
                {"name": "Contact", "parent_id": company.id, "email": mail},
                {"name": "Complice", "email": mail},
            ]
        )
        new_test_user(
            self.env, "essai_complice", "base.group_portal", partner_id=friend.id
        )
        one, own = self.person.partner_id, self.env["res.partner"].create({"name": "X"})
        merge = self.env["base.partner.merge.automatic.wizard"].with_user(employee)
        roads = {
            "invited": lambda: self._line_of(contact, employee).action_grant_access(),
            "sent away": lambda: self._line_of(one, employee).action_revoke_access(),
            "its mail": lambda: one.with_user(employee).write({"email": "x@y.invalid"}),
            "moved away": lambda: one.with_user(employee).write({"parent_id": own.id}),
            "moved in": lambda: friend.with_user(employee).write(
                {"parent_id": company.id}
            ),
            "keys": lambda: contact.with_user(employee).write(
                {"oiconnect_makes_keys": True}
            ),
            "merged": lambda: merge._merge((contact | friend).ids, contact),
        }
        for name, road in roads.items():
            with self.subTest(name), self.assertRaises(AccessError, msg=name):
                road()
        friend.with_user(employee).write({"email": "ailleurs@example.com"})
        one.with_user(employee).write({"phone": "0100000000"})
        employee.group_ids |= self.env.ref("oiconnect_base.group_lexicon_user")
        one.with_user(employee).write({"email": "nouveau@example.com"})
        self._line_of(contact, employee).action_grant_access()
        self.assertEqual(self._space(contact.user_ids)._operator(), self.operator)

    def _line_of(self, contact, user):
        """Return the line of a contact in the portal's dialog, which ``user`` opens."""
        wizard = self.env["portal.wizard"].with_user(user)
        return wizard.with_context(active_ids=contact.ids).create({}).user_ids

    def test_no_form_is_taken_without_its_token(self):
        """A form posted by another site in the user's name changes nothing."""
        self._log_in()
        key, visit = self.own["cles"], self.own["rendez-vous"]
        state = visit.state
        for path in (
            f"/cles/{key.id}/revoquer",
            "/cles/nouvelle",
            f"/rendez-vous/{visit.id}/annuler",
            "/rendez-vous/reserver",
            "/tickets/nouveau",
            f"/echanges/{self.own['echanges'].id}/renvoyer",
            "/conformite/commencer",
        ):
            with self.subTest(path):
                answer = self.url_open(f"/my/oiconnect{path}", data={"name": "x"})
                self.assertEqual(answer.status_code, 400)
        self.assertFalse(key.revoked_date)
        self.assertEqual(visit.state, state)
