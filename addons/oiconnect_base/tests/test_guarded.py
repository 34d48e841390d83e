from odoo.exceptions import AccessError
from odoo.service.model import call_kw
from odoo.tests.common import TransactionCase, new_test_user, tagged

from .fake_guarded import add_fakes


@tagged("post_install", "-at_install")
class TestGuarded(TransactionCase):
    """A person writes what is his to write; the rest follows from what happens."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        add_fakes(cls)
        cls.user = new_test_user(cls.env, "main", "base.group_user")
        for name in ("oiconnect.fake.guarded", "oiconnect.fake.open"):
            cls.env["ir.model.access"].create(
                {
                    "name": name,
                    "model_id": cls.env["ir.model"]._get(name).id,
                    "group_id": cls.env.ref("base.group_user").id,
                    "perm_read": True,
                    "perm_write": True,
                    "perm_create": True,
                }
            )
        cls.message = cls.env["oiconnect.fake.guarded"].create(
            {"author": "OCAA", "text": "bonjour", "sent_date": "hier"}
        )

    def rpc(self, method, *arguments, model="oiconnect.fake.guarded", **options):
        options["context"] = {"lang": "fr_FR"} | options.get("context", {})
        return call_kw(self.env[model].with_user(self.user), method, arguments, options)

    def assertGuarded(self, method, *arguments, **options):
        with self.assertRaisesRegex(AccessError, "on n’écrit pas .* à la main"):
            self.rpc(method, *arguments, **options)

    def test_a_person_writes_the_free_fields(self):
        self.rpc("write", self.message.ids, {"text": "bonsoir"})
        self.assertEqual(self.message.text, "bonsoir")
        made = self.rpc("create", {"text": "bonjour", "author": "OCBB"})
        self.assertEqual(
            self.message.browse(made).read(["author", "state"])[0],
            {"id": made, "author": "OCBB", "state": "new"},
        )

    def test_what_happens_to_a_record_is_not_written_by_hand(self):
        for name in ("sent_date", "receipt", "letters", "state", "author", "forgotten"):
            with self.subTest(name):
                self.assertGuarded("write", self.message.ids, {name: False})
                self.assertGuarded(
                    "web_save", self.message.ids, {name: False}, specification={}
                )
        for name in ("sent_date", "receipt", "letters", "state", "forgotten"):
            with self.subTest(name):
                self.assertGuarded("create", {"text": "bonjour", name: False})
                self.assertGuarded("copy", self.message.ids, {name: False})

    def test_the_refusal_names_the_fields_and_what_to_do(self):
        with self.assertRaises(AccessError) as caught:
            self.rpc("write", self.message.ids, {"sent_date": "x", "state": "x"})
        text = str(caught.exception)
        self.assertIn("« Course, Sent on »", text)
        self.assertIn("boutons", text)

    def test_a_file_imports_no_guarded_field(self):
        found = self.rpc("load", ["text", "sent_date"], [["bonjour", "demain"]])
        self.assertFalse(found["ids"])
        self.assertIn("à la main", found["messages"][0]["message"])

    def test_a_default_of_the_context_or_of_a_user_is_left_out(self):
        self.env["ir.default"].set("oiconnect.fake.guarded", "receipt", "forged")
        made = self.rpc(
            "create",
            {"text": "bonjour"},
            context={"default_state": "done", "default_author": "OCBB"},
        )
        self.assertEqual(
            self.message.browse(made).read(["author", "receipt", "state"])[0],
            {"id": made, "author": "OCBB", "receipt": False, "state": "new"},
        )

    def test_a_copy_starts_anew(self):
        [copied] = self.rpc("copy", self.message.ids)
        copied = self.message.browse(copied)
        self.assertEqual((copied.text, copied.author), ("bonjour", "OCAA"))
        self.assertFalse(copied.sent_date)

    def test_a_field_closes_once_another_is_filled_in(self):
        self.rpc("write", self.message.ids, {"place": "01500"})
        self.message.receipt = "R1"
        with self.assertRaisesRegex(AccessError, "Receipt"):
            self.rpc("write", self.message.ids, {"place": "01510"})
        self.assertEqual(self.message.place, "01500")

    def test_a_list_that_is_free_keeps_what_is_readonly(self):
        self.rpc("create", {"name": "A"}, model="oiconnect.fake.open")
        self.assertGuarded("create", {"rank": 1}, model="oiconnect.fake.open")

    def test_an_unauthorized_user_gets_an_access_error(self):
        stranger = new_test_user(self.env, "tiers", "base.group_portal")
        with self.assertRaises(AccessError) as caught:
            self.message.with_user(stranger).write({"state": "x"})
        self.assertNotIn("by hand", str(caught.exception))

    def test_our_own_code_writes_all(self):
        self.message.with_user(self.user).sudo().write({"state": "done"})
        self.assertEqual(self.message.state, "done")

    def test_a_field_in_no_list_is_named(self):
        undeclared = self.env["oiconnect.fake.guarded"]._undeclared_fields()
        self.assertEqual(undeclared, ["forgotten"])
        self.assertFalse(self.env["oiconnect.fake.open"]._undeclared_fields())
