from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged
from odoo.tools import SQL

from ..common import InfraCase

ADDRESSES = {
    "12B RUE DES TILLEULS, BAT A, 99100 VILLE EXEMPLE": {
        "street_number": "12",
        "street_number_suffix": "B",
        "street_type": "RUE",
        "street_name": "DES TILLEULS",
        "building_name": "BAT A",
        "postal_code": "99100",
        "city": "VILLE EXEMPLE",
    },
    "CHE DES PRES, 99100 VILLE EXEMPLE": {
        "street_number": "0",
        "street_number_suffix": "T",
        "street_type": "CHE",
        "street_name": "DES PRES",
        "postal_code": "99100",
        "city": "VILLE EXEMPLE",
    },
    "166170 AV DU STADE": {
        "street_number": "166170",
        "street_type": "AV",
        "street_name": "DU STADE",
    },
    "DES PINS": {"street_number_suffix": "B", "street_name": "DES PINS"},
    "BAT C": {"building_name": "BAT C"},
    "VILLE EXEMPLE": {"city": "VILLE EXEMPLE"},
    False: {},
}


@tagged("post_install", "-at_install")
class TestAddressed(InfraCase):
    def test_address_on_one_line(self):
        for rank, (line, columns) in enumerate(ADDRESSES.items()):
            with self.subTest(line):
                building = self.net.building(f"IMB/{rank}", **columns)
                self.assertEqual(building.address, line)

    def test_loaders_make_the_same_line_in_sql(self):
        buildings = self.env["oiconnect.building"].concat(
            *(
                self.net.building(f"IMB/{rank}", **columns)
                for rank, columns in enumerate(ADDRESSES.values())
            )
        )
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "SELECT id, %s FROM oiconnect_building b WHERE id = ANY(%s)",
                buildings._address_sql("b"),
                buildings.ids,
            )
        )
        lines = dict(self.env.cr.fetchall())
        for building in buildings:
            self.assertEqual(lines[building.id] or False, building.address)

    def test_the_commune_follows_the_insee_code(self):
        self.building.insee_code = "99001"
        self.assertEqual(self.building.commune_id, self.commune)
        self.building.insee_code = "99999"
        self.assertFalse(self.building.commune_id)

    def test_choosing_a_commune_fills_the_columns_of_the_protocol(self):
        with Form(self.env["oiconnect.pm"]) as form:
            form.reference = "OICN-99001-0077"
            form.commune_id = self.commune
            self.assertEqual(form.insee_code, "99001")
            self.assertEqual(form.city, "VILLE EXEMPLE")
            self.assertEqual(form.postal_code, "99100")

    def test_a_commune_set_by_code_fills_them_too(self):
        self.building.commune_id = self.commune
        self.assertEqual(self.building.insee_code, "99001")
        self.assertEqual(self.building.commune_id, self.commune)

    def test_codes_have_their_form(self):
        for column, value in {
            "insee_code": "9900",
            "postal_code": "9910A",
            "rivoli_code": "12",
            "street_number": "12B",
            "street_number_suffix": "b",
        }.items():
            with self.subTest(column), self.assertRaisesRegex(ValidationError, value):
                self.net.building(f"IMB/{column}", **{column: value})

    def test_corsican_communes_and_grouped_plots_are_accepted(self):
        self.building.write({"insee_code": "2A004", "street_number": "166170"})
        self.assertEqual(self.building.insee_code, "2A004")
