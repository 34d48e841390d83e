import inspect
import re

from odoo.exceptions import AccessError
from odoo.tests.common import TransactionCase, new_test_user, tagged

LEVELS = {
    "access": ("read", "user", "manager"),
    "pm_order": ("read", "user", "manager"),
    "link": ("read", "user", "manager"),
    "infra": ("read", "user", "manager"),
    "ticket": ("read", "user", "manager"),
    "statistics": ("read",),
    "billing": ("read", "user", "manager"),
    "import": ("read", "user", "manager"),
    "lexicon": ("read", "user", "manager"),
    "api": ("read", "manager"),
    "exchange": ("read", "user", "manager"),
}
# How a computed value looks at what its reader may read
BY_RIGHT = re.compile(r"has_access\(|has_group\(|_count_neighbours\(")


@tagged("post_install", "-at_install")
class TestRights(TransactionCase):
    """One privilege per line of the application, with its levels."""

    def _user(self, login, groups):
        return new_test_user(self.env, login, groups)

    def _visible_menus(self, user):
        return self.env["ir.ui.menu"].with_user(user)._visible_menu_ids()

    def test_each_level_implies_the_lower_ones(self):
        for privilege, levels in LEVELS.items():
            lower = self.env.ref("oiconnect_base.group_user")
            for level in levels:
                group = self.env.ref(f"oiconnect_base.group_{privilege}_{level}")
                with self.subTest(group.full_name):
                    self.assertIn(lower, group.all_implied_ids)
                    self.assertEqual(
                        group.privilege_id,
                        self.env.ref(f"oiconnect_base.privilege_{privilege}"),
                    )
                lower = group

    def test_no_level_edits_what_the_system_renders(self):
        """A template of mails is filled in as the system: its editor reads all."""
        closed = ("mail.group_mail_template_editor", "base.group_erp_manager")
        for privilege, levels in LEVELS.items():
            group = self.env.ref(f"oiconnect_base.group_{privilege}_{levels[-1]}")
            for name in closed:
                with self.subTest(group.full_name, closed=name):
                    self.assertNotIn(self.env.ref(name), group.all_implied_ids)

    def test_the_administrator_has_every_right(self):
        admin = self.env.ref("base.user_admin")
        for privilege, levels in LEVELS.items():
            group = f"oiconnect_base.group_{privilege}_{levels[-1]}"
            self.assertTrue(admin.has_group(group), group)

    def test_without_a_right_neither_menu_nor_data(self):
        user = self._user("sans_droit", "base.group_user")
        self.assertNotIn(
            self.env.ref("oiconnect_base.menu_root").id, self._visible_menus(user)
        )
        for model in (
            "oiconnect.network",
            "oiconnect.operator",
            "oiconnect.operator.contact",
            "oiconnect.commune",
            "oiconnect.event",
            "oiconnect.workflow.step",
        ):
            with self.subTest(model), self.assertRaises(AccessError):
                self.env[model].with_user(user).search_read([], ["id"])

    def test_a_right_elsewhere_does_not_open_the_reference_data(self):
        user = self._user("facture_seul", "oiconnect_base.group_billing_user")
        menus = self._visible_menus(user)
        for menu in ("menu_operator", "menu_operator_contact", "menu_commune"):
            self.assertNotIn(self.env.ref(f"oiconnect_base.{menu}").id, menus)
        # The name of an operator is readable: an invoice line shows it.
        self.env["oiconnect.operator"].with_user(user).search_read([], ["name"])
        with self.assertRaises(AccessError):
            self.env["oiconnect.operator.contact"].with_user(user).search_read([])

    def test_a_reader_changes_nothing(self):
        user = self._user("lexique_lecture", "oiconnect_base.group_lexicon_read")
        self.assertIn(
            self.env.ref("oiconnect_base.menu_operator").id, self._visible_menus(user)
        )
        commune = self.env["oiconnect.commune"].search([], limit=1)
        with self.assertRaises(AccessError):
            commune.with_user(user).write({"name": "Autre"})

    def test_a_user_edits_but_only_an_administrator_deletes(self):
        user = self._user("lexique_util", "oiconnect_base.group_lexicon_user")
        operator = (
            self.env["oiconnect.operator"]
            .with_user(user)
            .create({"name": "Nouveau", "interop_code": "OCT7", "arcep_code": "OCT7"})
        )
        operator.write({"arcep_prefix": "T7"})
        with self.assertRaises(AccessError):
            operator.unlink()
        admin = self._user("lexique_admin", "oiconnect_base.group_lexicon_manager")
        operator.with_user(admin).unlink()
        self.assertFalse(operator.exists())

    def test_networks_are_for_the_administrators_of_odoo(self):
        user = self._user("lexique_adm2", "oiconnect_base.group_lexicon_manager")
        with self.assertRaises(AccessError):
            self.env["oiconnect.network"].with_user(user).create(
                {"name": "N", "oi_code": "OITX", "code": "N", "pto_prefix": "ZW"}
            )

    def _our_fields(self):
        ours = [name for name in self.registry if name.startswith("oiconnect.")]
        return [field for name in ours for field in self.env[name]._fields.values()]

    def _is_computed_by_right(self, field):
        if not isinstance(field.compute, str) or field.store:
            return False
        compute = getattr(self.registry[field.model_name], field.compute)
        return bool(BY_RIGHT.search(inspect.getsource(compute)))

    def test_what_is_computed_by_right_is_cached_for_one_user(self):
        """Another person in the same transaction is not shown it."""
        by_right = [f for f in self._our_fields() if self._is_computed_by_right(f)]
        cached_for_all = [
            str(field)
            for field in by_right
            if "uid" not in self.registry.field_depends_context[field]
        ]
        self.assertEqual(cached_for_all, [])
        self.assertGreater(len(by_right), 3)

    def test_what_is_computed_by_right_is_read_elsewhere_by_the_same_right(self):
        """A related field is read as a superuser otherwise, who may read all."""
        related = [
            field
            for field in self._our_fields()
            if field.related and self._is_computed_by_right(field.related_field)
        ]
        self.assertTrue(related)
        as_superuser = [
            str(field) for field in related if field.store or field.related_sudo
        ]
        self.assertEqual(as_superuser, [])
