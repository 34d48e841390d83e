from lxml import html

from odoo.tests.common import TransactionCase

# Types of views that show rows, and say so when there are none.
ROWS = {"list", "kanban", "calendar", "pivot", "graph"}


class HelpCase(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.help = cls.env["oiconnect.help"]

    def _menu_actions(self):
        """Return ``{xml id: action}`` of all menus of the app."""
        menus = self.env["ir.ui.menu"].search(
            [
                ("id", "child_of", self.env.ref("oiconnect_base.menu_root").id),
                ("action", "!=", False),
            ]
        )
        self.assertGreater(len(menus), 3)
        return {
            name: menu.action
            for menu in menus
            for name in menu.action._get_external_ids()[menu.action.id]
        }

    def _bodies(self):
        """Return ``{page: its content, parsed}``."""
        return {
            name: html.fragment_fromstring(str(page.body), create_parent=True)
            for name, page in self.help._pages().items()
        }
