import re

from odoo.tests import TransactionCase, tagged
from odoo.tools import file_open

from ..colors import MIN_CONTRAST, contrast

PALETTE = "oiconnect_base/static/src/palette.scss"
FRONTEND = "oiconnect_base/static/src/palette_frontend.scss"


@tagged("post_install", "-at_install")
class TestPalette(TransactionCase):
    """Colours of states: their text is read by everybody."""

    def test_black_on_white_and_a_colour_on_itself(self):
        self.assertEqual(round(contrast("#000000", "#ffffff")), 21)
        self.assertEqual(contrast("#117a8b", "#117a8b"), 1)
        self.assertLess(
            contrast("#28a745", "#ffffff"), MIN_CONTRAST, "Odoo's own green"
        )

    def test_white_is_read_on_each_of_our_colours(self):
        with file_open(PALETTE, "r") as file:
            colours = dict(re.findall(r"^\$([\w-]+): (#\w{6});", file.read(), re.M))
        self.assertEqual(
            colours.keys(),
            {"o-success", "o-info", "o-main-color-muted", "o-community-color"},
        )
        for name, colour in colours.items():
            self.assertGreaterEqual(contrast(colour, "#ffffff"), MIN_CONTRAST, name)
        grey = colours["o-main-color-muted"]
        self.assertGreaterEqual(contrast(grey, "#e9ecef"), MIN_CONTRAST, "on grey")

    def test_they_come_before_those_of_odoo(self):
        paths = self.env["ir.asset"]._get_asset_paths(
            "web._assets_primary_variables", self.env["ir.asset"]._get_asset_params()
        )
        names = [path[0].lstrip("/") for path in paths]
        ours = names.index(PALETTE)
        odoos = next(
            rank
            for rank, name in enumerate(names)
            if name.endswith("scss/primary_variables.scss")
        )
        self.assertLess(ours, odoos)

    def test_pages_of_operators_have_the_same(self):
        """Portal calls them otherwise; what comes first is what holds."""
        paths = self.env["ir.asset"]._get_asset_paths(
            "web.assets_frontend", self.env["ir.asset"]._get_asset_params()
        )
        names = [path[0].lstrip("/") for path in paths]
        before = [PALETTE, FRONTEND, "portal/static/src/scss/bootstrap_overridden.scss"]
        self.assertEqual(sorted(before, key=names.index), before)
