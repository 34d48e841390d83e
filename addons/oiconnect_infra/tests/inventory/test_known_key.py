from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from ..common import InfraCase

STAFF = "oiconnect_base.group_infra_user,oiconnect_base.group_link_user"


@tagged("post_install", "-at_install")
class TestKnownKey(InfraCase):
    """References that operators know change by an action that tells what follows."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        company = cls.net.network.company_id
        cls.staff, cls.reader = (
            new_test_user(cls.env, login, groups, lang="fr_FR", company_id=company.id)
            for login, groups in (
                ("cles", STAFF),
                ("cles_lect", "oiconnect_base.group_infra_read"),
            )
        )
        cls.pto = cls.net.pto(cls.building, "ZZ-0000-0001", pbo_id=cls.pbo.id)
        cls.keys = {
            cls.building: ("identifier", "IMB/99001/X/0042"),
            cls.pm: ("reference", "OICN-99001-0042"),
            cls.pbo: ("reference", "PBO-99-001-001-0042"),
            cls.pto: ("reference", "ZZ-0000-0042"),
        }

    def _hold(self):
        """An operator has a line that goes through all of them."""
        route = self.net.routes(self.pbo, 1)
        route.write(
            {
                "pto_id": self.pto.id,
                "connector_number": 1,
                "state": "used",
                "operator_id": self.ocaa.id,
            }
        )
        self.env.flush_all()
        self.env.invalidate_all()

    def _change(self, record, **values):
        action = record.with_user(self.staff).action_change_key()
        changes = self.env[action["res_model"]].with_user(self.staff)
        form = Form(changes.with_context(**action["context"], lang="fr_FR"))
        for name, value in values.items():
            form[name] = value
        return form

    def test_a_reference_that_no_operator_knows_is_written(self):
        for record, (name, key) in self.keys.items():
            with self.subTest(record._name):
                self.assertFalse(record.key_is_known)
                record.with_user(self.staff)[name] = key
                self.assertEqual(record[name], key)

    def test_one_that_operators_know_is_refused_by_the_name_of_the_action(self):
        self._hold()
        for record, (name, key) in self.keys.items():
            mine = record.with_user(self.staff).with_context(lang="fr_FR")
            for value in (key, False):
                with (
                    self.subTest(record._name, value=value),
                    self.assertRaisesRegex(UserError, "« Changer la référence »"),
                ):
                    mine.write({name: value})
            mine.write({name: record[name]})

    def test_operators_know_what_they_may_order(self):
        for record, states in (
            (self.building, ("deployed", "on_demand")),
            (self.pm, ("deploying", "deployed")),
            (self.pto, ("existing",)),
        ):
            for state in states:
                with self.subTest(record._name, state=state):
                    record.state = state
                    record.invalidate_recordset()
                    self.assertTrue(record.key_is_known)

    def test_the_action_says_what_follows_then_changes(self):
        self._hold()
        for record, (name, key) in self.keys.items():
            with self.subTest(record._name):
                before = record[name]
                form = self._change(record, new_key=f" {key} ", reason="Renumérotation")
                self.assertEqual(form.old_key, before)
                self.assertIn("tient : 1", form.effects)
                self.assertIn("Opérateur OCAA", form.effects)
                form.save().action_change()
                self.assertEqual(record[name], key)
                line = self.env["oiconnect.change"].search(
                    [("res_model", "=", record._name), ("field", "=", name)], limit=1
                )
                self.assertEqual((line.before, line.after), (before, key))
                self.assertEqual(line.reason, "Renumérotation")
                self.assertEqual(line.user_id, self.staff)
        self.assertEqual(self.pto.route_ids.operator_id, self.ocaa)

    def test_the_action_says_what_rules_of_form_say(self):
        self._hold()
        form = self._change(self.pto, new_key="truc", reason="Essai")
        self.assertIn("OO-XXXX-XXXX", form.form_warning)
        form.new_key = "<b>"
        with self.assertRaisesRegex(ValidationError, "signes < et >"):
            form.save().action_change()
        form = self._change(self.pto, new_key="ZZ-0000-0042", reason="Essai")
        self.assertFalse(form.form_warning)

    def test_what_changed_meanwhile_is_looked_at_again(self):
        self._hold()
        change = self._change(self.pm, new_key="OICN-99001-0042", reason="R").save()
        self.pm.reference = "OICN-99001-0043"
        with self.assertRaisesRegex(UserError, "OICN-99001-0043"):
            change.action_change()

    def test_the_same_reference_is_no_change(self):
        change = self._change(self.pm, new_key=self.pm.reference, reason="R").save()
        with self.assertRaisesRegex(UserError, "aujourd"):
            change.action_change()

    @mute_logger("odoo.sql_db")
    def test_a_reference_that_another_has_is_refused(self):
        self.net.pm("OICN-99001-0042")
        change = self._change(self.pm, new_key="OICN-99001-0042", reason="R").save()
        with self.assertRaises(UniqueViolation), self.env.cr.savepoint():
            change.action_change()
            self.env.flush_all()

    def test_readers_change_nothing(self):
        self._hold()
        with self.assertRaises(AccessError):
            self.pbo.with_user(self.reader)._change_key("PBO-42", "R")
        with self.assertRaises(AccessError):
            self.pbo.with_user(self.reader).reference = "PBO-42"
        with self.assertRaises(AccessError):
            self.env["oiconnect.key.change"].with_user(self.reader).create({})

    def test_imports_rename_as_they_wish(self):
        self._hold()
        self.building.sudo().identifier = "IMB/99001/X/0042"
        self.assertEqual(self.building.identifier, "IMB/99001/X/0042")
