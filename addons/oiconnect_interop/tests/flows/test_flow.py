from datetime import date

from psycopg2.errors import CheckViolation, UniqueViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests.common import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.oiconnect_base.time_zone import local_today
from odoo.addons.oiconnect_import.protocol import (
    MESSAGES,
    FileError,
    LineError,
    PayloadError,
)

from .flow_common import FlowCase

GROUP = "oiconnect_base.group_exchange_"


@tagged("post_install", "-at_install")
class TestFlow(FlowCase):
    """A flow: how its files are named, and which format they have."""

    def test_a_received_file_tells_its_flow(self):
        flow, name = self.flows._identify(
            "OICN_OCT1_ACCES_CMD_ACCES_V13_20250314_01.csv"
        )
        self.assertEqual(flow, self.order_flow)
        self.assertEqual((name.oi, name.oc, name.version), ("OICN", "OCT1", "V1.3"))

    def test_an_alias_tells_the_flow_too(self):
        flow, _name = self.flows._identify("OICN_OCT1-CMD_ACCESS_V1.2_20250314_1.csv")
        self.assertFalse(flow)
        flow, _name = self.flows._identify("OICN_OCT1-CMD_ACCESS_V1.2_20250314_01.csv")
        self.assertEqual(flow.code, "CMD_ACCES")
        self.order_flow.aliases = False
        flow, _name = self.flows._identify("OICN_OCT1-CMD_ACCESS_V1.2_20250314_01.csv")
        self.assertFalse(flow)

    def test_what_we_send_is_not_received(self):
        flow, name = self.flows._identify("OICN_OCT1_ACCES_CR_CMD_V13_20250314_01.csv")
        self.assertFalse(flow)
        self.assertIsNone(name)

    def test_an_archived_flow_is_not_received(self):
        self.order_flow.active = False
        flow, _name = self.flows._identify(
            "OICN_OCT1_ACCES_CMD_ACCES_V13_20250314_01.csv"
        )
        self.assertFalse(flow)
        self.assertFalse(self.flows._by_code("CMD_ACCES"))

    def test_a_termination_is_not_an_order_of_reference_res(self):
        flow, _name = self.flows._identify(
            "OICN_OCT1_ACCES_RES_ACCES_V13_20250314_01.csv"
        )
        self.assertEqual(flow.code, "RES_ACCES")

    def test_the_name_of_a_sent_file_follows_the_template(self):
        network = self.env["oiconnect.network"].new(
            {"oi_code": "OICN", "code": "OICONNECT"}
        )
        flow = self.flows._by_code("AR_CMD")
        arguments = (self.operator, network, "V1.3", date(2025, 3, 14), 7)
        self.assertEqual(
            flow._build_file_name(*arguments),
            "OICN_OCT1_ACCES_AR_CMD_V13_20250314_07.csv",
        )
        flow.file_template = "{flow}_{oc}_{date}_{sequence:03d}.csv"
        self.assertEqual(
            flow._build_file_name(*arguments), "AR_CMD_OCT1_20250314_007.csv"
        )

    def test_a_name_that_cannot_be_built_is_reported(self):
        network = self.env["oiconnect.network"].new({"oi_code": "OICN"})
        with self.assertRaisesRegex(UserError, "oc"):
            self.order_flow._build_file_name(
                self.env["oiconnect.operator"], network, "V1.3", local_today(), 1
            )

    def test_templates_and_patterns_are_checked(self):
        for vals in (
            {"file_template": "../{oi}.csv"},
            {"file_template": "{oi.__class__}.csv"},
            {"reading_pattern": "(?P<oi>"},
        ):
            with self.subTest(vals), self.assertRaises(ValidationError):
                self.order_flow.write(vals)

    @mute_logger("odoo.sql_db")
    def test_codes_are_unique_and_plain(self):
        for code, error in (("AR_CMD", UniqueViolation), ("A B", CheckViolation)):
            with self.subTest(code), self.assertRaises(error):
                with self.env.cr.savepoint():
                    self.order_flow.copy({"code": code})

    # ------------------------------------------------------------------
    # Formats
    # ------------------------------------------------------------------

    def test_versions_are_listed_newest_first(self):
        self.assertEqual(self.order_flow._versions(), ["V1.3", "V1.2"])
        ipe = self.flows._by_code("IPE")
        self.assertEqual(ipe._versions()[0], "V3.1")
        self.assertEqual(self.order_flow.versions, "V1.2, V1.3")

    def test_a_version_is_chosen_by_the_partner_or_by_the_operator(self):
        self.assertEqual(
            len(self.order_flow._format_for(self.operator, "V1.2").columns), 35
        )
        self.assertEqual(len(self.order_flow._format_for(self.operator).columns), 37)
        self.operator.access_version = "V1.2"
        self.assertEqual(self.order_flow._format_for(self.operator).version, "V1.2")

    def test_without_operator_the_newest_version_holds(self):
        ipe = self.flows._by_code("IPE")
        no_operator = self.env["oiconnect.operator"]
        self.assertEqual(ipe._format_for(no_operator).version, "V3.1")

    def test_an_unknown_version_is_reported(self):
        self.assertFalse(self.order_flow._has_version("V9.9", self.operator))
        with self.assertRaisesRegex(UserError, "CMD_ACCES.*V9.9"):
            self.order_flow._format_for(self.operator, "V9.9")

    def test_an_archived_format_is_an_unknown_version(self):
        self.assertTrue(self.order_flow._has_version("V1.2", self.operator))
        self._format("CMD_ACCES", "V1.2").active = False
        self.assertFalse(self.order_flow._has_version("V1.2", self.operator))

    def test_an_operator_may_have_its_own_format(self):
        common = self._format("CMD_ACCES", "V1.3")
        own = common.copy({"operator_id": self.operator.id})
        own.column_ids.filtered(lambda c: c.field_path == "offer").name = "Offre"
        ours = self.order_flow._format_for(self.operator, "V1.3")
        theirs = self.order_flow._format_for(self.other, "V1.3")
        self.assertIn("Offre", ours.header)
        self.assertIn("OffreAccesCommandee", theirs.header)

    def test_an_edit_holds_for_the_next_file(self):
        before = self.order_flow._format_for(self.operator, "V1.3")
        self.order_flow.separator = "pipe"
        self.assertEqual(before.separator, ";")
        after = self.order_flow._format_for(self.operator, "V1.3")
        self.assertEqual(after.separator, "|")
        column = self._format("CMD_ACCES", "V1.3").column_ids[0]
        column.max_length = 12
        again = self.order_flow._format_for(self.operator, "V1.3")
        self.assertEqual(again.columns[0].length, 12)

    def test_the_format_is_read_from_the_database_once(self):
        self.order_flow._format_for(self.operator, "V1.3")
        with self.assertQueryCount(0):
            self.order_flow._format_for(self.operator, "V1.3")

    # ------------------------------------------------------------------
    # Errors
    # ------------------------------------------------------------------

    def test_errors_of_the_protocol_are_shown_in_words(self):
        text = self.flows._error_text(FileError("nul_bytes", line=3))
        self.assertIn("Line 3", text)
        error = LineError(2, "A", "", "FIMP15", "missing", {"column": "A"})
        self.assertEqual(self.flows._error_text(error), "A is mandatory: fill it in.")
        self.assertEqual(
            self.flows._error_text(PayloadError([error, error])),
            "A is mandatory: fill it in. A is mandatory: fill it in.",
        )

    def test_every_message_has_its_parameters_named(self):
        for key, template in MESSAGES.items():
            with self.subTest(key):
                self.assertNotRegex(template.replace("%(", ""), "%[^(]")

    # ------------------------------------------------------------------
    # Rights
    # ------------------------------------------------------------------

    def test_readers_see_and_managers_edit(self):
        reader = new_test_user(self.env, "flow_reader", GROUP + "read")
        manager = new_test_user(self.env, "flow_manager", GROUP + "manager")
        flow = self.order_flow.with_user(reader)
        self.assertEqual(flow.name, "Access order")
        with self.assertRaises(AccessError):
            flow.name = "Order"
        self.order_flow.with_user(manager).name = "Order"

    def test_others_see_nothing_but_their_files_are_read(self):
        user = new_test_user(self.env, "flow_outsider", "oiconnect_base.group_user")
        with self.assertRaises(AccessError):
            self.flows.with_user(user).search([]).mapped("code")
        flow = self.flows.with_user(user)._by_code("CMD_ACCES")
        self.assertTrue(flow._format_for(self.operator, "V1.3"))
