import base64
from html import unescape

from odoo.tests import TransactionCase, new_test_user, tagged
from odoo.tools import file_open

from ..colors import MIN_CONTRAST, WHITE, contrast, readable_on_white, text_on
from ..models.brand.mail_template import VIEWS

PLACEHOLDER = "base/static/img/res_company_logo.png"
COLORS = ("#ffd200", "#144272", "#e2001a", "#7f7f7f", "#ffffff", "#000000")


@tagged("post_install", "-at_install")
class TestBrand(TransactionCase):
    """The name, logo and colour of an operator, wherever strangers look."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env["res.company"].create({"name": "Fibre d'Essai"})
        cls.user = new_test_user(
            cls.env,
            "marque",
            email="marque@example.com",
            company_id=cls.company.id,
            company_ids=cls.company.ids,
        )

    def test_a_new_company_has_no_logo_that_says_your_logo(self):
        self.assertFalse(self.company.logo)
        self.assertTrue(self.company.uses_default_logo)

    def test_the_logo_of_odoo_is_taken_away_and_one_of_its_own_is_not(self):
        with file_open(PLACEHOLDER, "rb") as file:
            self.company.partner_id.image_1920 = self._encoded(file.read())
        other = self.env["res.company"].create({"name": "Autre fibre"})
        with file_open("oiconnect_base/static/description/icon.png", "rb") as file:
            other.logo = self._encoded(file.read())
        self.env["res.company"]._remove_placeholder_logo()
        self.assertFalse(self.company.logo)
        self.assertTrue(other.logo)

    def _encoded(self, content):
        return base64.b64encode(content)

    def test_text_is_read_on_whatever_colour_is_chosen(self):
        for color in COLORS:
            with self.subTest(color):
                self.assertGreaterEqual(contrast(text_on(color), color), MIN_CONTRAST)
                link = readable_on_white(color)
                self.assertGreaterEqual(contrast(link, WHITE), MIN_CONTRAST)

    def test_buttons_of_mails_have_the_colour(self):
        self.company.primary_color = "#ffd200"
        self.assertEqual(self.company.email_secondary_color, "#ffd200")
        self.assertEqual(self.company.email_primary_color, "#000000")

    def test_what_is_no_colour_does_not_come_into_the_style_sheet(self):
        self.company.primary_color = "red;}</style><script>alert(1)</script>"
        style = self.company._brand_style()
        self.assertNotIn("script", style)
        self.assertIn("--oiconnect-brand:#144272;", style)

    def test_mails_about_accounts_have_the_name_and_the_colour(self):
        self.company.primary_color = "#0a7d3c"
        self.user.lang = "fr_FR"
        self.user.partner_id.signup_prepare()
        # Who writes signs the mail; of the tests, it is a robot with Odoo's name.
        self.env.user.name = "Administration"
        for name in VIEWS:
            with self.subTest(name):
                template = self.env.ref(name).with_context(lang="fr_FR")
                values = template._generate_template(
                    self.user.ids, ["body_html", "subject"]
                )[self.user.id]
                body = values["body_html"]
                self.assertIn("Fibre d'Essai", unescape(str(body)))
                self.assertIn("Fibre d'Essai", values["subject"])
                self.assertIn("#0a7d3c", body)
                self.assertIn("Bonjour", body)
                self.assertNotIn("Odoo", body)

    def test_what_an_administrator_wrote_stays(self):
        template = self.env.ref("auth_signup.set_password_email")
        template.write({"subject": "Bienvenue", "body_html": "<p>Chez nous</p>"})
        self.env["mail.template"]._replace_odoo_mails()
        self.assertIn("Chez nous", template.body_html)
