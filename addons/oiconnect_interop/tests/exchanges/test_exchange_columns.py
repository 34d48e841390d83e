from lxml import etree

from odoo.tests import TransactionCase, tagged

# Pixels of a letter of a code with its share of the padding
LETTER = 10
FLOWS = ("flow_code", "flow")


@tagged("post_install", "-at_install")
class TestExchangeColumns(TransactionCase):
    """Lists have room for the code of every flow, whichever flows came last."""

    def test_the_longest_code_is_read_in_every_list(self):
        codes = self.env["oiconnect.flow"].search([]).mapped("code")
        needed = LETTER * max(map(len, codes))
        seen, narrow = 0, []
        views = self.env["ir.ui.view"].search([("model", "=like", "oiconnect.%")])
        for view in views:
            for field in etree.fromstring(view.arch).xpath("//list/field[@width]"):
                if field.get("name") in FLOWS:
                    seen += 1
                    width = int(field.get("width").removesuffix("px"))
                    narrow += [view.xml_id] if width < needed else []
        self.assertGreater(seen, 3)
        self.assertEqual(narrow, [])
