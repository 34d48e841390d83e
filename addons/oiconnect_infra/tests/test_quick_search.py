from odoo.tests import BaseCase, new_test_user, tagged
from odoo.tools import SQL

from ..search_text import (
    clean,
    escaped,
    forms,
    is_address,
    pattern,
    references,
    squeezed,
    words,
)
from .common import InfraCase


class TestSearchText(BaseCase):
    """Pasted text, brought to what is stored."""

    def test_spaces_and_line_ends_of_a_paste(self):
        self.assertEqual(clean("  ZZ-AB12-CD34\r\n"), "ZZ-AB12-CD34")
        self.assertEqual(clean("12  rue\tdes Lilas"), "12 rue des Lilas")
        self.assertEqual(clean(None), "")
        self.assertLessEqual(len(clean("x" * 1000)), 120)

    def test_a_pto_without_its_dashes(self):
        for typed in ("zz ab12 cd34", "ZZAB12CD34", "zz-ab12-cd34", "Zz.Ab12.Cd34"):
            self.assertIn("ZZ-AB12-CD34", forms(typed))

    def test_the_beginning_of_a_pto(self):
        self.assertIn("ZZ-AB12-C", forms("zzab12c"))
        self.assertIn("ZZ-A", forms("zza"))

    def test_the_text_itself_is_looked_for_first(self):
        self.assertEqual(forms("cb 12")[0], "cb 12")
        self.assertIn("CB-12", forms("cb 12"))

    def test_whatever_stands_between_the_parts(self):
        self.assertEqual(pattern("IMB/99001/X/0001"), "IMB%99001%X%0001")
        self.assertEqual(pattern("imb99001x"), "imb%99001%x")
        self.assertEqual(pattern("100%_"), "100")
        self.assertEqual(squeezed("Imb/99-é"), "IMB99É")

    def test_what_is_an_address_and_what_only_looks_like_one(self):
        held = "12 AV DES TILLEULS ARGENTÉS, BAT A, 99100 VILLE EXEMPLE"
        for text in ("12 av des tilleuls", "12, avenue des Tilleuls Argentes", held):
            self.assertTrue(is_address(text, held), text)
        for text in ("12", "tilleuls", "1 av des tilleuls", "12 av des chênes", "99100 12 tilleuls"):  # fmt: skip  # noqa: E501
            self.assertFalse(is_address(text, held), text)
        self.assertFalse(is_address("12 rue", None))

    def test_a_street_of_another_kind_is_another_street(self):
        for one, other in (("bd", "BOULEVARD"), ("boulevard", "BD"), ("rte", "ROUTE"), ("allée", "ALL")):  # fmt: skip  # noqa: E501
            self.assertTrue(is_address(f"3 {one} des Ormes", f"3 {other} DES ORMES"))
        for one, other in (("avenue", "RUE"), ("route", "RUE"), ("rue", "RTE"), ("bd", "AV")):  # fmt: skip  # noqa: E501
            self.assertFalse(is_address(f"3 {one} des Ormes", f"3 {other} DES ORMES"))

    def test_a_number_with_bis_or_ter_is_that_of_the_files(self):
        held = "12B RUE DES ORMES, 99100 VILLE"
        for number in ("12 bis", "12bis", "12 BIS", "12B", "12b"):
            self.assertTrue(is_address(f"{number}, rue des Ormes", held), number)
        for number in ("12", "12 ter", "112 bis", "12 quater"):
            self.assertFalse(is_address(f"{number} rue des Ormes", held), number)
        self.assertEqual(words("3 ter rue Bisson"), ["Bisson", "rue", "3T"])

    def test_saints_and_hyphens_are_written_in_any_way(self):
        held = "5 FG ST ANTOINE, 99100 STE EXEMPLE"
        for text in ("5 faubourg Saint-Antoine", "5 fg st antoine Sainte-Exemple"):
            self.assertTrue(is_address(text, held), text)
        self.assertEqual(words("5 faubourg Saint-Antoine"), ["Antoine", "5"])
        self.assertEqual(words("rue de l'Église"), ["Église", "rue", "de", "l"])
        self.assertEqual(words("Saint"), ["Saint"], "all that there is")

    def test_what_may_be_a_reference_among_words(self):
        self.assertEqual(references("PTO (ZZ-AB12-CD34)."), ["ZZ-AB12-CD34"])
        self.assertEqual(references("ZZ-AB12-CD34"), [], "it is the whole text")
        self.assertEqual(references("12 rue des Lilas 3e"), [])

    def test_what_a_like_would_take_for_a_sign(self):
        self.assertEqual(escaped(r"a_b%c\d"), r"a\_b\%c\\d")

    def test_long_words_of_an_address_first(self):
        self.assertEqual(words("12 rue des Lilas, 99100"), ["99100", "Lilas", "des", "rue", "12"])  # fmt: skip  # noqa: E501


@tagged("post_install", "-at_install")
class TestQuickSearch(InfraCase):
    """Any reference, pasted into one box, leads to its record."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cable = cls.net.cable(cls.pm)
        cls.module = cls.net.module(cls.pm)
        [cls.route, cls.other_route] = cls.net.routes(cls.pbo, 2, cls.cable, cls.module)
        cls.pto = cls.net.pto(cls.building, "ZZ-AB12-CD34")
        cls.prdm = cls.net.make("oiconnect.prdm", reference="OICN-PRDM-0001")
        cls.link = cls.net.make(
            "oiconnect.pm.link",
            reference="OICN-LNP-0001",
            pm_id=cls.pm.id,
            prdm_id=cls.prdm.id,
        )
        cls.building.write(
            {
                "address_code": "990012AB01",
                "street_number": "12",
                "street_type": "RUE",
                "street_name": "DES TILLEULS ARGENTÉS",
                "postal_code": "99100",
                "city": "VILLE EXEMPLE",
            }
        )
        cls.user = new_test_user(
            cls.env,
            "desk",
            "oiconnect_base.group_infra_read,oiconnect_base.group_link_read",
        )

    def find(self, text, user=None):
        self.env.flush_all()
        answer = (
            self.env["oiconnect.quick.search"].with_user(user or self.user).find(text)
        )
        return answer["exact"], [
            (group["model"], row["id"])
            for group in answer["groups"]
            for row in group["records"]
        ]

    def key(self, record):
        return (record._name, record.id)

    def test_each_kind_by_its_whole_reference(self):
        for record, text in (
            (self.pto, "ZZ-AB12-CD34"),
            (self.building, "IMB/99001/X/0001"),
            (self.building, "990012AB01"),
            (self.pbo, "PBO-99-001-001-0001"),
            (self.pm, "OICN-99001-0001"),
            (self.prdm, "OICN-PRDM-0001"),
            (self.link, "OICN-LNP-0001"),
            (self.cable, "CB-99001-0042-03"),
            (self.module, "TIROIR 04"),
            (self.route, self.route.name),
        ):
            with self.subTest(text):
                self.assertEqual(self.find(text), (True, [self.key(record)]))

    def test_as_people_type_it(self):
        for record, text in (
            (self.pto, "zz ab12 cd34"),
            (self.pto, " ZZAB12CD34\n"),
            (self.building, "imb 99001 x 0001"),
            (self.building, "imb99001x0001"),
            (self.building, "99001/2AB01"),
            (self.building, "99001 2ab 01"),
            (self.pbo, "pbo99-001-001-0001"),
            (self.cable, "cb 99001 0042 03"),
            (self.module, "tiroir04"),
        ):
            with self.subTest(text):
                self.assertEqual(self.find(text), (True, [self.key(record)]))

    def test_a_pasted_address_leads_to_its_building(self):
        """Not to those whose number only begins or ends like it."""
        for rank, number in enumerate(("1", "112", "121")):
            self.building.copy(
                {"identifier": f"IMB/99001/X/101{rank}", "street_number": number}
            )
        for text in (
            "12 rue des tilleuls",
            "12, rue des Tilleuls argentés 99100 Ville Exemple",
            "12 RUE DES TILLEULS ARGENTÉS, 99100 VILLE EXEMPLE",
        ):
            with self.subTest(text):
                self.assertEqual(self.find(text), (True, [self.key(self.building)]))
        self.assertEqual(self.find("2 rue des tilleuls"), (False, []))

    def test_several_buildings_at_one_address_are_all_found(self):
        other = self.building.copy(
            {"identifier": "IMB/99001/X/1012", "building_name": "BAT B"}
        )
        exact, found = self.find("12 rue des tilleuls")
        self.assertTrue(exact)
        self.assertEqual(set(found), {self.key(self.building), self.key(other)})

    def test_a_number_with_its_letter_is_found_by_the_number(self):
        self.building.street_number_suffix = "B"
        for text in ("12 rue des tilleuls", "12B tilleuls"):
            with self.subTest(text):
                self.assertEqual(self.find(text)[1], [self.key(self.building)])

    def test_a_number_with_bis_is_that_house_and_no_other(self):
        self.building.write({"street_number_suffix": "B", "street_name": "ST JEAN"})
        for rank, (number, suffix) in enumerate(
            (("12", "T"), ("12", ""), ("112", "B"))
        ):
            self.building.copy(
                {
                    "identifier": f"IMB/99001/X/201{rank}",
                    "street_number": number,
                    "street_number_suffix": suffix,
                }
            )
        for text in ("12 bis rue Saint-Jean", "12bis saint jean", "12B rue st jean"):
            with self.subTest(text):
                self.assertEqual(self.find(text)[1], [self.key(self.building)])

    def test_a_reference_is_found_among_the_words_around_it(self):
        for record, text in (
            (self.pto, "PTO ZZ-AB12-CD34"),
            (self.pto, "Référence : « ZZ-AB12-CD34 »"),
            (self.building, "immeuble IMB/99001/X/0001, gardien absent"),
            (self.cable, "Câble PBO CB-99001-0042-03"),
        ):
            with self.subTest(text):
                self.assertEqual(self.find(text), (True, [self.key(record)]))

    def test_an_address_in_any_order_without_accents(self):
        for text in (
            "rue des tilleuls 12",
            "tilleuls argentes exemple",
            "TILLEULS 99100",
        ):
            if "argentes" in text and not self.env.registry.has_unaccent:
                continue
            with self.subTest(text):
                self.assertEqual(self.find(text), (False, [self.key(self.building)]))
        self.assertEqual(self.find("13 rue des tilleuls"), (False, []))
        self.assertEqual(self.find("12 rue_ des tilleuls"), (False, []))

    def test_more_than_a_code_is_not_the_code(self):
        """Values that are too long for a column are not cut to what it holds."""
        self.assertEqual(self.find("990012AB01-QUATRE"), (False, []))

    def test_the_beginning_of_a_pto_without_its_dashes(self):
        self.assertEqual(self.find("zzab1"), (False, [self.key(self.pto)]))

    def test_a_part_of_a_reference_gives_a_short_list(self):
        exact, found = self.find("99001")
        self.assertFalse(exact)
        self.assertIn(self.key(self.building), found)
        self.assertIn(self.key(self.pm), found)
        self.assertIn(self.key(self.cable), found)

    def test_those_that_begin_with_it_come_first_and_few_are_returned(self):
        for rank in range(9):
            self.net.pbo(self.pm, f"A{rank}-QRS")
        first = self.net.pbo(self.pm, "QRS-1")
        answer = self.env["oiconnect.quick.search"].with_user(self.user).find("qrs")
        [group] = answer["groups"]
        self.assertEqual(group["records"][0]["id"], first.id)
        self.assertEqual((len(group["records"]), group["more"]), (6, True))

    def test_what_helps_to_choose(self):
        answer = (
            self.env["oiconnect.quick.search"].with_user(self.user).find("ZZ-AB12-CD34")
        )
        [group] = answer["groups"]
        self.assertEqual(group["label"], "PTO")
        self.assertEqual(
            group["records"],
            [
                {
                    "id": self.pto.id,
                    "name": "ZZ-AB12-CD34",
                    "detail": "IMB/99001/X/0001 · To build",
                }
            ],
        )

    def test_signs_are_no_jokers_and_nothing_finds_everything(self):
        for text in ("%", "%%%", "___", "   ", "-/-", "ZZ", "%_%_%"):
            with self.subTest(text):
                self.assertEqual(self.find(text), (False, []))

    def test_an_unauthorized_user_finds_nothing(self):
        links = new_test_user(self.env, "links", "oiconnect_base.group_link_read")
        self.assertEqual(self.find("ZZ-AB12-CD34", links), (False, []))
        self.assertEqual(
            self.find("OICN-99001-0001", links), (True, [self.key(self.pm)])
        )
        outsider = new_test_user(self.env, "unprivileged", "base.group_user")
        for text in ("ZZ-AB12-CD34", "OICN-99001-0001", "99001", "tilleuls"):
            self.assertEqual(self.find(text, outsider), (False, []))

    def test_another_company_finds_nothing(self):
        company = self.env["res.company"].create({"name": "Autre OI"})
        stranger = new_test_user(
            self.env,
            "stranger",
            "oiconnect_base.group_infra_read",
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )
        self.assertEqual(self.find("ZZ-AB12-CD34", stranger), (False, []))
        self.assertEqual(self.find("99001", stranger), (False, []))

    def test_the_box_is_there_for_who_may_find_something(self):
        search = self.env["oiconnect.quick.search"]
        self.assertTrue(search.with_user(self.user)._readable_kinds())
        outsider = new_test_user(self.env, "unprivileged", "base.group_user")
        self.assertFalse(search.with_user(outsider)._readable_kinds())

    def test_each_exact_search_has_its_index(self):
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        for kind in self.env["oiconnect.quick.search"]._kinds():
            for name in kind.exact:
                with self.subTest(f"{kind.model}.{name}"):
                    query = self.env[kind.model]._search([(name, "in", ["A", "B"])])
                    self.env.cr.execute(SQL("EXPLAIN %s", query.select()))
                    plan = "\n".join(line for (line,) in self.env.cr.fetchall())
                    self.assertNotIn("Seq Scan", plan)
                    self.assertRegex(plan, rf"Index Cond: .*{name}")
