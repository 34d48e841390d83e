import re

from odoo.tests import TransactionCase, tagged
from odoo.tools import file_open

PALETTE = "oiconnect_base/static/src/palette.scss"
FRONTEND = "oiconnect_base/static/src/palette_frontend.scss"
# Text of normal size (WCAG 2.1, 1.4.3)
LEAST = 4.5


def luminance(colour):
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4
        for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@tagged("post_install", "-at_install")
class TestPalette(TransactionCase):
    """Colours of states: their text is read by everybody."""

    def test_black_on_white_and_a_colour_on_itself(self):
        self.assertEqual(round(contrast("#000000", "#ffffff")), 21)
        self.assertEqual(contrast("#117a8b", "#117a8b"), 1)
        self.assertLess(contrast("#28a745", "#ffffff"), LEAST, "Odoo's own green")

    def test_white_is_read_on_each_of_our_colours(self):
        with file_open(PALETTE, "r") as file:
            colours = dict(re.findall(r"^\$([\w-]+): (#\w{6});", file.read(), re.M))
        self.assertEqual(colours.keys(), {"o-success", "o-info", "o-main-color-muted"})
        for name, colour in colours.items():
            self.assertGreaterEqual(contrast(colour, "#ffffff"), LEAST, name)
        grey = colours["o-main-color-muted"]
        self.assertGreaterEqual(contrast(grey, "#e9ecef"), LEAST, "on grey")

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
