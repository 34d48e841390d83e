from odoo.exceptions import ValidationError
from odoo.tests.common import tagged

from ..common import HEADER, ExchangeCase, make_file


@tagged("post_install", "-at_install")
class TestFlowTerms(ExchangeCase):
    """Each operator is written to as was agreed with it, flow by flow."""

    def _agree(self, flow, operator=None, **values):
        return self.env["oiconnect.flow.terms"].create(
            {
                "operator_id": (operator or self.operator).id,
                "flow_id": self.env["oiconnect.flow"]._by_code(flow).id,
                **values,
            }
        )

    def _study(self, exchange):
        orders = self._orders_of(exchange)
        orders._study()
        return orders

    def _sent(self, flow, operator=None):
        made = self._drain(operator)
        return made.filtered(lambda item: item.flow_id.code == flow)

    # ------------------------------------------------------------------
    # Grouping
    # ------------------------------------------------------------------

    def test_one_file_for_each_order_with_its_reference_in_the_name(self):
        self._agree(
            "CR_CMD",
            grouping="order",
            file_template="{oi}_{oc}_ACCES_{reference}_{flow}_{version}_{date}_"
            "{sequence:02d}.csv",
        )
        orders = self._study(self._take([self._wire(), self._wire()]))
        files = self._sent("CR_CMD").sorted("id")
        self.assertEqual([item.line_count for item in files], [1, 1])
        for order, file, number in zip(orders, files, (1, 2), strict=True):
            self.assertIn(f"_ACCES_{order.oc_reference}_CR_CMD_V13_", file.name)
            self.assertTrue(file.name.endswith(f"_{number:02d}.csv"))
            flow, read = self.env["oiconnect.flow"]._identify(
                file.name.replace("CR_CMD", "CR_MES")
            )
            self.assertEqual(
                (flow.code, read.reference), ("CR_MES", order.oc_reference)
            )

    def test_one_file_for_each_file_received_or_one_for_all(self):
        self._agree("CR_ANNUL", grouping="run")
        for _n in range(2):
            self._take([self._wire()])
        self.assertEqual(len(self._sent("AR_CMD")), 2)
        self._agree("AR_CMD", grouping="run")
        for _n in range(2):
            self._take([self._wire()])
        [receipt] = self._sent("AR_CMD")
        self.assertEqual((receipt.line_count, receipt.source_id.id), (2, False))

    def test_a_reference_that_no_name_can_hold_is_written_plainly(self):
        self._agree(
            "AR_CMD",
            grouping="order",
            file_template="{oc}_{reference}_{flow}_{date}_{sequence}.csv",
        )
        self._take([self._wire(ReferenceCommandePriseInterneOC="A/1_b é")])
        [receipt] = self._sent("AR_CMD")
        self.assertTrue(receipt.name.startswith("OCT1_A-1-b_AR_CMD_"), receipt.name)

    # ------------------------------------------------------------------
    # Version, encoding, reasons
    # ------------------------------------------------------------------

    def test_two_partners_of_two_versions_side_by_side(self):
        """OCT1 speaks V1.2 in Windows-1252 with labels; OCT2 V1.3 in UTF-8."""
        self.operator.access_version = "V1.2"
        for flow in ("AR_CMD", "CR_CMD"):
            self._agree(flow, encoding="cp1252", reason_text="label")
        self.rival.lang = "fr_FR"
        other = self.endpoint.copy({"operator_id": self.rival.id, "login": "oct2"})
        line = self._wire(CodeAdresseImmeuble="INCONNUE")
        self._take(make_file(HEADER, [line]), self._name(version="V12"))
        theirs = self.env["oiconnect.exchange"]._receive_file(
            other, self._name(oc="OCT2"), make_file([*line], [line])
        )
        while not theirs._is_settled():
            theirs._process()
        self.env["oiconnect.access.order"].search([("state", "=", "ar_ok")])._study()
        [old] = self._sent("CR_CMD")
        [new] = self._sent("CR_CMD", self.rival)
        self.assertEqual((old.version, old.encoding), ("V1.2", "cp1252"))
        self.assertEqual((new.version, new.encoding), ("V1.3", "utf-8"))
        [row] = self._rows(old)
        self.assertEqual(len(row), 73)
        self.assertRegex(row["MotifKoCrCommandePrise"], r"^FADR01 : \w+")
        [row] = self._rows(new)
        self.assertEqual(len(row), 77)
        self.assertEqual(row["MotifKoCrCommandePrise"], "FADR01")

    def test_what_is_sent_later_may_be_in_a_version_of_its_own(self):
        self._agree("CR_CMD", version="V1.2")
        self._study(self._take([self._wire()]))
        versions = {item.flow_id.code: item.version for item in self._drain()}
        self.assertEqual(
            versions, {"AR_CMD": "V1.3", "CR_CMD": "V1.2", "CMD_STOC": "V1.3"}
        )

    def test_a_receipt_stays_in_the_version_of_its_file(self):
        self._agree("AR_CMD", version="V1.2")
        self._take([self._wire()])
        self.assertEqual(self._drain().version, "V1.3")

    # ------------------------------------------------------------------
    # Flows that an operator does not take
    # ------------------------------------------------------------------

    def test_the_sub_contract_is_in_the_report_for_who_wants_no_file_of_it(self):
        self._agree("CMD_STOC", is_sent=False)
        order = self._study(self._take([self._wire()]))
        files = self._drain()
        self.assertEqual(sorted(files.mapped("flow_id.code")), ["AR_CMD", "CR_CMD"])
        [row] = self._rows(files.filtered(lambda e: e.flow_id.code == "CR_CMD"))
        self.assertEqual(
            row["ReferenceCommandeSousTraitantOI"], order.subcontract_reference
        )
        message = order.event_ids.filtered(lambda e: e.flow == "CMD_STOC")
        self.assertEqual(message.state, "skipped")

    def test_a_sub_contract_that_comes_after_its_report_leaves_as_a_file(self):
        self._agree("CMD_STOC", is_sent=False)
        order = self._study(self._take([self._wire()]))
        late = order.event_ids.filtered(lambda e: e.flow == "CMD_STOC")
        late.state = "done"
        self._drain()
        late.state = "pending"
        [file] = self._drain()
        self.assertEqual(file.flow_id.code, "CMD_STOC")

    def test_others_have_no_such_column(self):
        self._study(self._take([self._wire()]))
        [row] = self._rows(self._sent("CR_CMD"))
        self.assertNotIn("ReferenceCommandeSousTraitantOI", row)

    def test_a_notice_that_an_operator_does_not_take_is_not_sent(self):
        self._agree("CR_MAD", is_sent=False)
        order = self._study(self._take([self._wire()]))
        self._drain()
        order._fire("connected")
        self.assertFalse(self._drain())
        message = order.event_ids.filtered(lambda e: e.flow == "CR_MAD")
        self.assertEqual(message.state, "skipped")

    # ------------------------------------------------------------------
    # What cannot be agreed
    # ------------------------------------------------------------------

    def test_a_template_must_keep_two_files_apart(self):
        for template, text in (
            ("{oi}_{flow}_{date}.csv", "{sequence}"),
            ("{oi}_{date}_{sequence}.csv", "{flow}"),
            ("../{flow}{date}{sequence}.csv", r"\.\./"),
            ("{reference}_{flow}_{date}_{sequence}.csv", "{reference}"),
        ):
            with (
                self.subTest(template),
                self.assertRaisesRegex(ValidationError, text),
                self.env.cr.savepoint(),
            ):
                self._agree("CR_MAD", file_template=template)

    def test_a_version_must_have_its_format(self):
        flow = self.env["oiconnect.flow"]._by_code("CR_MAD")
        flow.format_ids.filtered(lambda f: f.version == "V1.2").active = False
        with self.assertRaisesRegex(ValidationError, "V1.2"):
            self._agree("CR_MAD", version="V1.2")

    def test_a_file_has_no_encoding_that_lacks_a_header(self):
        flow = self.env["oiconnect.flow"]._by_code("CR_MAD")
        column = flow.format_ids[0].column_ids[-1]
        name, column.name = column.name, "Référence Ω"
        unknown = "CR_MAD.*unknown in cp1252"
        with (
            self.assertRaisesRegex(ValidationError, unknown),
            self.env.cr.savepoint(),
        ):
            self._agree("CR_MAD", encoding="cp1252")
        column.name = name
        self._agree("CR_MAD", encoding="cp1252")
        with self.assertRaisesRegex(ValidationError, unknown):
            column.name = "Référence Ω"

    def test_terms_hold_as_soon_as_they_are_written(self):
        terms = self._agree("CR_MAD", encoding="cp1252")
        flow = terms.flow_id
        self.assertEqual(flow._terms(self.operator).encoding, "cp1252")
        terms.encoding = False
        self.assertEqual(flow._terms(self.operator).encoding, "")
        self.assertEqual(flow._terms(self.rival), flow._terms(self.operator))
