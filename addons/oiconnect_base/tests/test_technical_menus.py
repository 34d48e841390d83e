from odoo.tests import TransactionCase, new_test_user, tagged

from ..models.ir_ui_menu import TECHNICAL_APPS


@tagged("post_install", "-at_install")
class TestTechnicalMenus(TransactionCase):
    """Applications for developers are not in sight of those who work."""

    def shown(self, user, debug):
        """Return which of these applications the user has in its menu."""
        self.env.registry.clear_cache()
        menus = self.env["ir.ui.menu"].with_user(user).load_menus(debug)
        roots = (
            self.env.ref(name, raise_if_not_found=False) for name in TECHNICAL_APPS
        )
        return [root.complete_name for root in roots if root and root.id in menus]

    def test_who_works_does_not_see_them(self):
        admin = self.env.ref("base.user_admin")
        user = new_test_user(self.env, "user_menus", "base.group_user")
        for one in (admin, user):
            self.assertEqual(self.shown(one, False), [], one.login)

    def test_in_the_mode_of_developers_an_administrator_does(self):
        admin = self.env.ref("base.user_admin")
        admin.group_ids += self.env.ref("queue_job.group_queue_job_manager")
        with self.debug_mode():
            self.assertTrue(self.shown(admin, "1"))
