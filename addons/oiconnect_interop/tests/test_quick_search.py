from lxml import etree

from odoo.tests.common import new_test_user, tagged

from .common import ExchangeCase


@tagged("post_install", "-at_install")
class TestFileSearch(ExchangeCase):
    """A name of a file leads to what became of it."""

    def _find(self, text, user):
        self.env.flush_all()
        answer = self.env["oiconnect.quick.search"].with_user(user).find(text)
        return answer["exact"], [
            (group["model"], row["id"])
            for group in answer["groups"]
            for row in group["records"]
        ]

    def test_a_file_exchanged_by_its_name_or_a_part_of_it(self):
        exchange = self._take([self._wire()])
        user = new_test_user(self.env, "flux", "oiconnect_base.group_exchange_read")
        found = [("oiconnect.exchange", exchange.id)]
        self.assertEqual(self._find(exchange.name, user), (True, found))
        self.assertEqual(self._find("oct1_acces_cmd", user), (False, found))

    def test_a_file_imported_by_its_name(self):
        imported = self.env["oiconnect.import"].create(
            {"network_id": self.network.id, "file_name": "RECHERCHE_IPE_V31_00.csv"}
        )
        user = new_test_user(self.env, "imports", "oiconnect_base.group_import_read")
        self.assertEqual(
            self._find("recherche_ipe_v31", user),
            (False, [("oiconnect.import", imported.id)]),
        )

    def test_who_reads_no_exchange_finds_no_file(self):
        exchange = self._take([self._wire()])
        user = new_test_user(self.env, "sans_flux", "oiconnect_base.group_infra_read")
        self.assertEqual(self._find(exchange.name, user), (False, []))

    def test_no_column_of_the_errors_of_an_import_is_crushed(self):
        """What has no width of its own shares what the message leaves: 80 pixels."""
        arch = self.env["oiconnect.import.error"].get_view(view_type="list")["arch"]
        widths = {
            node.get("name"): int((node.get("width") or "80px").removesuffix("px"))
            for node in etree.fromstring(arch).iter("field")
        }
        self.assertGreaterEqual(min(widths["column"], widths["value"]), 150)
