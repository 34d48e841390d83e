from odoo.exceptions import UserError
from odoo.tests.common import TransactionCase, tagged

LOST = 2_000_000_000


@tagged("post_install", "-at_install")
class TestLost(TransactionCase):
    """Lines name an operator that was deleted beneath them: they are still listed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.network = cls.env["oiconnect.network"].create(
            {"name": "Domaine", "oi_code": "OILO", "code": "LO", "pto_prefix": "LO"}
        )
        cls.operator = cls.env["oiconnect.operator"].create(
            {"name": "Opérateur", "interop_code": "OCLO", "arcep_code": "OCLO"}
        )
        cls.events = cls.env["oiconnect.event"].create(
            [
                {
                    "flow": flow,
                    "operator_id": cls.operator.id,
                    "network_id": cls.network.id,
                    "payload": {"line": 1},
                }
                for flow in ("AR_CMD", "CR_CMD")
            ]
        )
        cls.env.flush_all()
        cls.env.cr.execute(
            "UPDATE oiconnect_event SET operator_id = %s, network_id = %s "
            "WHERE id = %s",
            [LOST, LOST, cls.events[0].id],
        )
        cls.env.invalidate_all()

    def test_the_list_names_what_is_there_and_tells_what_is_not(self):
        named = {"fields": {"display_name": {}}}
        found = self.env["oiconnect.event"].web_search_read(
            [("id", "in", self.events.ids)],
            {"operator_id": named, "network_id": named},
            order="id",
        )
        names = [
            (line["operator_id"]["display_name"], line["network_id"]["display_name"])
            for line in found["records"]
        ]
        lost = f"Deleted (no. {LOST})"
        self.assertEqual(names, [(lost, lost), ("OCLO Opérateur", "Domaine")])

    def test_the_list_is_grouped_by_what_is_not_there(self):
        for name in ("operator_id", "network_id"):
            groups = self.env["oiconnect.event"].web_read_group(
                [("id", "in", self.events.ids)], [name], ["__count"]
            )["groups"]
            names = {group[name][1] for group in groups}
            self.assertIn(f"Deleted (no. {LOST})", names)

    def test_what_is_not_there_is_not_opened(self):
        event = self.events[0]
        event.write({"res_model": "res.partner", "res_id": LOST})
        with self.assertRaisesRegex(UserError, "deleted"):
            event.action_open_record()
        partner = self.env.user.partner_id
        event.res_id = partner.id
        self.assertEqual(event.action_open_record()["res_id"], partner.id)
