from odoo.tests.common import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestFew(TransactionCase):
    """Millions of lines are looked for by the name of their network or operator."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.network = cls.env["oiconnect.network"].create(
            {
                "name": "Domaine d'exemple",
                "oi_code": "OIFW",
                "code": "EXEMPLE_FW",
                "pto_prefix": "FW",
            }
        )
        cls.operator = cls.env["oiconnect.operator"].create(
            {"name": "Opérateur rare", "interop_code": "OCFW", "arcep_code": "OCFW"}
        )
        cls.event = cls.env["oiconnect.event"].create(
            {
                "flow": "AR_CMD",
                "operator_id": cls.operator.id,
                "network_id": cls.network.id,
                "payload": {"line": 1},
            }
        )

    def _found(self, *condition):
        return self.env["oiconnect.event"].search([condition])

    def test_a_network_is_found_by_its_name_and_its_codes(self):
        for text in ("domaine d'ex", "oifw", "EXEMPLE_FW"):
            self.assertEqual(self._found("network_id", "ilike", text), self.event)
        self.assertFalse(self._found("network_id", "ilike", "nowhere at all"))

    def test_an_operator_is_found_by_its_name_and_its_code(self):
        for text in ("opérateur RARE", "ocfw"):
            self.assertEqual(self._found("operator_id", "ilike", text), self.event)
        self.assertNotIn(self.event, self._found("operator_id", "not ilike", "OCFW"))

    def test_a_network_put_away_keeps_its_lines(self):
        self.network.active = False
        self.assertEqual(self._found("network_id", "ilike", "OIFW"), self.event)

    def test_the_records_themselves_stand_in_the_query(self):
        """PostgreSQL reads all lines where it cannot count those of a name."""
        events = self.env["oiconnect.event"]
        for name, record in (
            ("network_id", self.network),
            ("operator_id", self.operator),
        ):
            query = events._search([(name, "ilike", record.display_name[:5])])
            self.assertEqual(query.select().code.count("SELECT"), 1)
