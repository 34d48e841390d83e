from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools.misc import file_path

from ..models.help import HOME
from .help_case import ROWS, HelpCase

LARGEST_PICTURE = 120_000


@tagged("post_install", "-at_install")
class TestHelp(HelpCase):
    """Each screen says what it is for, when it is empty and by its page of help."""

    def test_each_list_of_the_menu_says_in_french_what_it_is_for_when_empty(self):
        for name, action in self._menu_actions().items():
            if action._name != "ir.actions.act_window" or not (
                ROWS & set(action.view_mode.split(","))
            ):
                continue
            with self.subTest(name):
                text = action.with_context(lang="fr_FR").help
                self.assertTrue(text, "no help")
                self.assertNotEqual(text, action.with_context(lang="en_US").help)

    def test_each_menu_has_its_page_of_help(self):
        screens, bodies = self.help._screens(), self._bodies()
        for name in self._menu_actions():
            with self.subTest(name):
                self.assertIn(name, screens, "in no screens.csv")
        for name, place in screens.items():
            page, _sign, part = place.partition("#")
            with self.subTest(name):
                self.assertTrue(self.env.ref(name, raise_if_not_found=False))
                self.assertIn(page, bodies)
                if part:
                    self.assertTrue(bodies[page].xpath("//*[@id=$id]", id=part), place)

    def test_each_page_is_opened_by_a_screen(self):
        opened = {place.partition("#")[0] for place in self.help._screens().values()}
        self.assertEqual(set(self.help._pages()), opened | {HOME})

    def test_links_of_a_page_lead_to_pages_and_their_parts(self):
        bodies = self._bodies()
        for name, body in bodies.items():
            for link in body.xpath("//a/@href"):
                page, _sign, part = link.removeprefix("/oiconnect/aide/").partition("#")
                with self.subTest(page=name, link=link):
                    self.assertIn(page, bodies)
                    if part:
                        self.assertTrue(bodies[page].xpath("//*[@id=$id]", id=part))

    def test_each_page_has_a_title_and_a_light_picture_that_is_described(self):
        for name, body in self._bodies().items():
            with self.subTest(name):
                self.assertTrue(self.help._pages()[name].title)
                self.assertTrue(body.xpath("//img"))
                for image in body.xpath("//img"):
                    self.assertTrue(image.get("alt"))
                    with open(file_path(image.get("src")[1:]), "rb") as file:
                        self.assertLess(len(file.read()), LARGEST_PICTURE)

    def test_a_screen_without_an_action_of_its_own_opens_the_page_of_its_model(self):
        self.assertEqual(
            self.help._place_of(0, "oiconnect.commune"), "reglages#communes"
        )
        self.assertEqual(self.help._place_of(0, "res.country"), HOME)


@tagged("post_install", "-at_install")
class TestHelpPages(HttpCase):
    """Help is for the operator's own staff."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for login, group in (
            ("help_staff", "base.group_user"),
            ("help_portal", "base.group_portal"),
        ):
            new_test_user(cls.env, login, group, password=login, lang="fr_FR")

    def test_the_question_mark_of_a_screen_opens_its_page_at_its_part(self):
        self.authenticate("help_staff", "help_staff")
        action = self.env.ref("oiconnect_base.operator_contact_action")
        answer = self.url_open(
            f"/oiconnect/aide?action={action.id}", allow_redirects=False
        )
        self.assertEqual(answer.status_code, 303)
        self.assertTrue(
            answer.headers["Location"].endswith("/oiconnect/aide/operateurs#contacts")
        )

    def test_a_page_is_served_in_french_with_the_list_of_all_pages(self):
        self.authenticate("help_staff", "help_staff")
        answer = self.url_open("/oiconnect/aide/operateurs")
        self.assertEqual(answer.status_code, 200)
        self.assertTrue(answer.text.lstrip().startswith("<!DOCTYPE html>"))
        self.assertIn("<h1>Opérateurs</h1>", answer.text)
        for name in self.env["oiconnect.help"]._pages():
            self.assertIn(f'href="/oiconnect/aide/{name}"', answer.text)

    def test_what_is_no_page_is_not_found(self):
        self.authenticate("help_staff", "help_staff")
        for name in ("rien", "..%2F..%2F__manifest__", "<script>"):
            with self.subTest(name):
                answer = self.url_open(f"/oiconnect/aide/{name}")
                self.assertEqual(answer.status_code, 404)
                self.assertNotIn("<script>alert", answer.text)
        for action in ("x", "99999999999999999999", "-1", ""):
            with self.subTest(action):
                answer = self.url_open(f"/oiconnect/aide?action={action}")
                self.assertIn("Aide d’OIConnect", answer.text)

    def test_who_is_no_staff_reads_no_help(self):
        answer = self.url_open("/oiconnect/aide/operateurs", allow_redirects=False)
        self.assertIn("/web/login", answer.headers["Location"])
        self.authenticate("help_portal", "help_portal")
        answer = self.url_open("/oiconnect/aide/operateurs")
        self.assertEqual(answer.status_code, 403)
