from psycopg2.errors import CheckViolation, UniqueViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests.common import TransactionCase, new_test_user, tagged
from odoo.tools import mute_logger

from ..bulk import insert_rows


@tagged("post_install", "-at_install")
class TestReferenceData(TransactionCase):
    """Operators, contacts, communes and networks: who edits them, what is refused."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.operator = cls.env["oiconnect.operator"].create(
            {"name": "Opérateur fictif", "interop_code": "OCAA", "arcep_code": "ARCA"}
        )

    def _contact(self, **values):
        return self.env["oiconnect.operator.contact"].create(
            {"name": "Exemple", "operator_id": self.operator.id, **values}
        )

    def _user(self, group):
        return new_test_user(self.env, f"ref_{group}", f"oiconnect_base.group_{group}")

    # ------------------------------------------------------------------
    # Operators and contacts
    # ------------------------------------------------------------------

    def test_an_operator_is_found_by_any_of_its_names(self):
        for text in ("OCAA", "ocaa", "ARCA", "Opérateur fic"):
            with self.subTest(text):
                found = self.env["oiconnect.operator"].name_search(text)
                self.assertIn((self.operator.id, "OCAA Opérateur fictif"), found)
        self.operator.name = "Autre nom"
        self.assertEqual(self.operator.display_name, "OCAA Autre nom")

    def test_codes_are_put_in_capitals_when_they_are_changed_too(self):
        self.operator.write({"interop_code": " ocab ", "arcep_prefix": "a1"})
        self.assertEqual(self.operator.interop_code, "OCAB")
        self.assertEqual(self.operator.arcep_prefix, "A1")
        self.operator.write({"arcep_prefix": "  "})
        self.assertFalse(self.operator.arcep_prefix)

    @mute_logger("odoo.sql_db")
    def test_two_cards_of_one_operator_are_refused(self):
        create = self.env["oiconnect.operator"].create
        for values in (
            {"name": "X", "interop_code": "ocaa"},
            {"partner_id": self.operator.partner_id.id, "interop_code": "OCAC"},
        ):
            with self.subTest(values), self.assertRaises(UniqueViolation):
                with self.env.cr.savepoint():
                    create({"arcep_code": "OCAC", **values})

    def test_contacts_that_left_are_not_counted(self):
        left = self._contact(active=False)
        stays = self._contact(firstname="Alix", email="Alix <alix@example.org>")
        self.assertEqual(self.operator.contact_count, 1)
        stays.firstname = False
        self.assertEqual(stays.display_name, "Exemple")
        action = self.operator.action_view_contacts()
        self.assertEqual(action["context"], {"default_operator_id": self.operator.id})
        self.operator.unlink()
        self.assertFalse((left | stays).exists())

    def test_errors_are_reported_in_french(self):
        operator = self.operator.with_context(lang="fr_FR")
        with self.assertRaisesRegex(ValidationError, "999000028"):
            operator.siren = "999000028"
        contact = self._contact(email="alix@example.org")
        with self.assertRaisesRegex(ValidationError, "nulle part n'est pas une adre"):
            contact.with_context(lang="fr_FR").email = "nulle part"

    # ------------------------------------------------------------------
    # Communes and networks
    # ------------------------------------------------------------------

    @mute_logger("odoo.sql_db")
    def test_codes_of_a_commune_have_their_form(self):
        create = self.env["oiconnect.commune"].create
        for values in (
            {"postal_codes": "99100  99110"},
            {"postal_codes": "99100 "},
            {"postal_codes": "9910"},
            {"insee_code": "9900A"},
            {"insee_code": "C9001"},
        ):
            with self.subTest(values), self.assertRaises(CheckViolation):
                with self.env.cr.savepoint():
                    create({"name": "Ville", "insee_code": "99001", **values})
        for values in (
            {"insee_code": "99001", "postal_codes": "99100 99110"},
            {"insee_code": "2B999", "postal_codes": ""},
        ):
            commune = create({"name": "Ville", **values})
            self.assertEqual(
                (commune.display_name, commune.kind),
                (f"Ville ({values['insee_code']})", "commune"),
            )

    @mute_logger("odoo.sql_db")
    def test_two_networks_may_share_one_of_their_codes(self):
        values = {"name": "R", "oi_code": "OICN", "code": "T_1", "pto_prefix": "ZY"}
        network = self.env["oiconnect.network"].create(values)
        network.copy({"code": "T-2"})
        network.copy({"oi_code": "OICM"})
        with self.assertRaises(UniqueViolation), self.env.cr.savepoint():
            network.copy({"name": "Autre"})

    def test_the_default_network_is_the_only_real_one_of_the_company(self):
        company = self.env["res.company"].create({"name": "Autre OI"})
        values = {"oi_code": "OICN", "pto_prefix": "ZY", "company_id": company.id}
        networks = self.env["oiconnect.network"]
        first, second, _closed, trial = networks.create(
            [
                {"name": name, "code": f"T_{name}", "active": name != "C", **values}
                for name in ("A", "B", "C", "D")
            ]
        )
        trial.is_sandbox = True
        self.assertFalse(networks.with_company(company)._default_network())
        second.active = False
        self.assertEqual(networks.with_company(company)._default_network(), first)
        first.active = False
        with self.assertRaisesRegex(UserError, "Autre OI n'a pas de domaine"):
            networks.with_company(company).with_context(lang="fr_FR")._default_network()

    # ------------------------------------------------------------------
    # Rights
    # ------------------------------------------------------------------

    def test_each_level_does_its_part_of_the_reference_data(self):
        commune = self.env["oiconnect.commune"].create(
            {"name": "Ville", "insee_code": "99001"}
        )
        contact = self._contact()
        records = {"operator": self.operator, "commune": commune, "contact": contact}
        allowed = {
            ("lexicon_user", "write"): {"operator", "commune", "contact"},
            ("lexicon_user", "unlink"): {"contact"},
            ("lexicon_manager", "unlink"): {"operator", "commune", "contact"},
            ("lexicon_read", "read"): {"operator", "commune", "contact"},
            ("lexicon_read", "write"): set(),
            ("infra_manager", "read"): {"operator", "commune"},
            ("infra_manager", "write"): set(),
        }
        users = {group: self._user(group) for group in {key[0] for key in allowed}}
        for (group, operation), names in allowed.items():
            with self.subTest(group=group, operation=operation):
                found = {
                    name
                    for name, record in records.items()
                    if record.with_user(users[group]).has_access(operation)
                }
                self.assertEqual(found, names)

    def test_messages_are_read_by_the_exchanges_of_their_company(self):
        network = self.env["oiconnect.network"].create(
            {"name": "R", "oi_code": "OICN", "code": "T_1", "pto_prefix": "ZY"}
        )
        event = self.env["oiconnect.event"].create(
            {
                "flow": "AR_CMD",
                "operator_id": self.operator.id,
                "network_id": network.id,
                "payload": {"result": "OK"},
                "res_model": "oiconnect.operator",
                "res_id": self.operator.id,
            }
        )
        reader = self._user("exchange_read")
        events = self.env["oiconnect.event"].with_user(reader)
        self.assertIn(event, events.search([]))
        self.assertEqual(event.with_user(reader).res_name, "OCAA Opérateur fictif")
        action = event.action_open_record()
        self.assertEqual(
            (action["res_model"], action["res_id"]),
            ("oiconnect.operator", self.operator.id),
        )
        with self.assertRaises(AccessError):
            event.with_user(reader).write({"state": "skipped"})
        with self.assertRaises(AccessError):
            self.env["oiconnect.event"].with_user(self._user("infra_read")).search([])
        network.company_id = self.env["res.company"].create({"name": "Autre OI"})
        self.env.flush_all()
        self.assertNotIn(event, events.search([]))

    # ------------------------------------------------------------------
    # Many rows at once
    # ------------------------------------------------------------------

    def test_rows_are_all_inserted_whatever_their_number(self):
        table = "oiconnect_workflow_step"
        insert_rows(self.env, table, [])
        base = {
            "res_model": "oiconnect.none",
            "event": "x",
            "date": "2026-01-05",
            "user_id": self.env.uid,
            "channel": "job",
            "source": False,
        }
        insert_rows(self.env, table, ({**base, "res_id": n} for n in range(1, 6)))
        steps = self.env["oiconnect.workflow.step"].search(
            [("res_model", "=", "oiconnect.none"), ("source", "=", False)]
        )
        self.assertEqual(steps.mapped("res_id"), [5, 4, 3, 2, 1])
        # A model that is gone has no labels, and breaks no list.
        self.assertFalse(steps[0].event_label)
        self.assertFalse(steps[0].target_label)
