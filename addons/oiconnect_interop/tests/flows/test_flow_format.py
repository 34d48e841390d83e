import base64

from psycopg2.errors import CheckViolation, UniqueViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.oiconnect_import.protocol import read_definition

from ..protocol.protocol_common import ORDER
from .flow_common import FlowCase


@tagged("post_install", "-at_install")
class TestFlowFormat(FlowCase):
    """Formats are data: an administrator changes them without code."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.format = cls._format("CMD_ACCES", "V1.3")

    TEXT = ";".join(["ABC-123"] * 3)

    def _new(self, **vals):
        return self.env["oiconnect.flow.format.new"].create(
            {"flow_id": self.order_flow.id, "version": "V1.4"} | vals
        )

    def _load(self, *lines, **vals):
        content = "\n".join(("versions;rank;column;field;type;rule;values", *lines))
        return self._new(origin="file", file=base64.b64encode(content.encode()), **vals)

    # ------------------------------------------------------------------
    # Edition
    # ------------------------------------------------------------------

    def test_a_renamed_column_is_written_and_read_under_its_new_name(self):
        column = self.format.column_ids.filtered(lambda c: c.field_path == "city")
        column.write({"name": "Ville", "aliases": "CommuneImmeuble"})
        protocol_format = self.order_flow._format_for(self.operator, "V1.3")
        self.assertIn("Ville", protocol_format.header)
        self.assertEqual(self._round_trip(protocol_format, ORDER), ORDER)

    def test_columns_are_moved_by_their_rank(self):
        self.format.column_ids[-1].sequence = -1
        protocol_format = self.order_flow._format_for(self.operator, "V1.3")
        self.assertEqual(protocol_format.header[0], "OffreAccesCommandee")
        self.assertEqual(self._round_trip(protocol_format, ORDER), ORDER)

    def test_a_new_column_is_read_and_written(self):
        self.env["oiconnect.flow.column"].create(
            {
                "format_id": self.format.id,
                "name": "NombreFibres",
                "field_path": "fibre_count",
                "value_type": "integer",
            }
        )
        protocol_format = self.order_flow._format_for(self.operator, "V1.3")
        payload = ORDER | {"fibre_count": 4}
        self.assertEqual(self._round_trip(protocol_format, payload), payload)

    def test_a_format_may_have_its_own_encoding(self):
        self.format.encoding = "cp1252"
        protocol_format = self.order_flow._format_for(self.operator, "V1.3")
        self.assertEqual(protocol_format.encoding, "cp1252")

    def test_columns_that_cannot_work_are_refused(self):
        first, second = self.format.column_ids[:2]
        for column, vals in (
            (first, {"name": second.name}),
            (first, {"field_path": second.field_path}),
            (first, {"value_type": "code", "value_list": False}),
            (first, {"value_list": "/[/"}),
            (first, {"field_path": "routes.99.module"}),
        ):
            with self.subTest(vals), self.assertRaises(ValidationError):
                column.write(vals)

    def test_a_header_must_exist_in_the_encoding_of_the_format(self):
        self.format.column_ids[0].name = "Référence Ω"
        with self.assertRaisesRegex(ValidationError, "CMD_ACCES V1.3"):
            self.format.encoding = "cp1252"

    def test_a_flow_is_written_in_no_way_that_its_formats_cannot(self):
        comma = {"separator": "comma", "decimal_mark": "comma"}
        self.order_flow.write({**comma, "quoting": "minimal"})
        with self.assertRaisesRegex(ValidationError, "separates cells and decimals"):
            self.order_flow.quoting = "none"

    def test_a_flow_has_no_encoding_that_lacks_a_header_of_its_formats(self):
        self.format.column_ids[0].name = "Référence Ω"
        with self.assertRaisesRegex(ValidationError, "CMD_ACCES V1.3"):
            self.order_flow.encoding = "cp1252"

    def test_the_preview_shows_how_a_file_begins(self):
        header, line = self.format.preview.split("\n")
        self.assertTrue(header.startswith("ReferenceCommandePriseInterneOC;Commune"))
        self.assertEqual(header.count(";"), 9)
        self.assertEqual(line, "ABC-123;ABC-123;99001;99001;0123;99001;A;" + self.TEXT)

    @mute_logger("odoo.sql_db")
    def test_a_version_exists_once_for_all_and_once_for_an_operator(self):
        own = self.format.copy({"operator_id": self.operator.id})
        self.assertEqual(own.version, "V1.3")
        for operator in (False, self.operator.id):
            with self.subTest(operator), self.assertRaises(UniqueViolation):
                with self.env.cr.savepoint():
                    self.format.copy({"operator_id": operator})

    @mute_logger("odoo.sql_db")
    def test_versions_have_one_spelling(self):
        for version in ("1.4", "V14", "v1.4", "V1.4b"):
            with self.subTest(version), self.assertRaises(CheckViolation):
                with self.env.cr.savepoint():
                    self.format.copy({"version": version})

    # ------------------------------------------------------------------
    # New versions
    # ------------------------------------------------------------------

    def test_a_copy_is_the_next_version(self):
        copy = self.format.copy()
        self.assertEqual(copy.version, "V1.4")
        self.assertEqual(copy.column_count, 37)
        self.assertEqual(self.format.copy().version, "V1.5")
        self.assertEqual(self.order_flow._versions()[:2], ["V1.5", "V1.4"])

    def test_the_assistant_copies_a_format_for_an_operator(self):
        action = self.format.action_new_format()
        with Form(
            self.env["oiconnect.flow.format.new"].with_context(**action["context"])
        ) as form:
            self.assertEqual(form.version, "V1.4")
            form.version = "V1.3"
            form.operator_id = self.operator
        opened = form.record.action_create()
        own = self.formats.browse(opened["res_id"])
        self.assertEqual(own.operator_id, self.operator)
        self.assertEqual(
            own._protocol_format().columns, self.format._protocol_format().columns
        )

    def test_a_copy_needs_a_source(self):
        with self.assertRaises(UserError):
            self._new(origin="copy").action_create()
        with self.assertRaises(UserError):
            self._new(origin="file").action_create()

    def test_the_official_columns_of_a_new_version_are_loaded(self):
        wizard = self._load(
            "V1.4;2;TypeRacco;connection_type;code;M;OC|OI|STOC",
            "V1.4;1;ReferenceCommandePriseInterneOC;oc_reference;text;M;",
            "V1.5;1;AutreVersion;other;text;F;",
            ";3;ColonneNouvelle;;text;F;",
        )
        opened = wizard.action_create()
        loaded = self.formats.browse(opened["res_id"])
        self.assertEqual(
            loaded.column_ids.mapped("name"),
            ["ReferenceCommandePriseInterneOC", "TypeRacco", "ColonneNouvelle"],
        )
        protocol_format = self.order_flow._format_for(self.operator, "V1.4")
        payload = {
            "oc_reference": "OCA-1",
            "connection_type": "STOC",
            "extra": {"ColonneNouvelle": "x"},
        }
        self.assertEqual(self._round_trip(protocol_format, payload), payload)
        self.assertEqual(loaded.origin, "own")

    def test_errors_of_the_file_are_listed_by_line_and_nothing_is_made(self):
        wizard = self._load(
            "V1.4;1;Bon;good;text;M;",
            "V1.4;deux;;bad;text;M;",
            "V1.4;3;Mauvais;bad;blob;M;",
        )
        opened = wizard.action_create()
        self.assertEqual(
            (opened["res_model"], opened["res_id"]), (wizard._name, wizard.id)
        )
        self.assertEqual(
            [line.partition(":")[0] for line in wizard.report.splitlines()],
            ["Line 3", "Line 3", "Line 4"],
        )
        self.assertFalse(self._format("CMD_ACCES", "V1.4"))

    def test_a_file_that_is_no_list_of_columns_is_refused(self):
        for content in (b"a,b\n1,2\n", b"versions;column\nV9.9;X\n"):
            with self.subTest(content):
                wizard = self._new(origin="file", file=base64.b64encode(content))
                wizard.action_create()
                self.assertTrue(wizard.report)
        self.assertFalse(self._format("CMD_ACCES", "V1.4"))

    def test_downloaded_columns_can_be_loaded_again(self):
        content = base64.b64decode(self.format.definition_file)
        definitions, errors = read_definition(content)
        self.assertFalse(errors)
        self.assertEqual(
            tuple(item.column for item in definitions),
            self.format._protocol_format().columns,
        )
        url = self.format.action_download()["url"]
        self.assertIn("CMD_ACCES_V1.3.csv", url)

    def test_only_managers_make_formats(self):
        reader = new_test_user(
            self.env, "format_reader", "oiconnect_base.group_exchange_user"
        )
        with self.assertRaises(AccessError):
            self._new(origin="copy", source_id=self.format.id).with_user(
                reader
            ).action_create()
