from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests.common import tagged

from odoo.addons.oiconnect_import.protocol import columns_of

from ...models.flows import flow_registry
from ..protocol.protocol_common import FLOWS, shipped_format, shipped_versions
from .flow_common import FlowCase


@tagged("post_install", "-at_install")
class TestFlowRegistry(FlowCase):
    """Flows and formats of the product are updated as long as they are not edited."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.format = cls._format("AR_CMD", "V1.3")

    def _deliver(self, rename):
        """Load the registry as if a file delivered other names of columns."""
        read = flow_registry._read_definitions

        def changed(folder, code):
            return [
                item._replace(column=_renamed(item.column, rename))
                for item in read(folder, code)
            ]

        with patch.object(flow_registry, "_read_definitions", changed):
            self.flows._load_registry()

    def test_every_delivered_format_is_there_as_its_file_says(self):
        for code in FLOWS:
            flow = self.flows._by_code(code)
            for version in shipped_versions(code):
                with self.subTest(code=code, version=version):
                    expected = shipped_format(code, version)
                    found = flow._format_for(self.operator, version)
                    self.assertEqual(found.columns, expected.columns)

    def test_loading_again_changes_nothing(self):
        flows = self.flows.search([])
        formats = self.formats.search([])
        self.flows._load_registry()
        self.assertEqual(self.flows.search([]), flows)
        self.assertEqual(self.formats.search([]), formats)
        self.assertEqual(set(formats.mapped("origin")), {"delivered"})
        self.assertEqual(set(flows.mapped("origin")), {"delivered"})

    def test_an_unedited_format_follows_the_product(self):
        self._deliver({"DateArCommandePrise": "DateAr"})
        self.assertIn("DateAr", self.format.column_ids.mapped("name"))
        self.assertEqual(len(self.format.column_ids), 5)
        self.assertEqual(self.format.origin, "delivered")

    def test_an_edited_format_is_left_alone(self):
        self.format.column_ids[0].max_length = 40
        self.assertEqual(self.format.origin, "edited")
        self._deliver({"DateArCommandePrise": "DateAr"})
        self.assertNotIn("DateAr", self.format.column_ids.mapped("name"))
        self.assertEqual(self.format.column_ids[0].max_length, 40)

    def test_an_edit_taken_back_is_no_edit(self):
        self.format.column_ids[0].max_length = 40
        self.format.column_ids[0].max_length = 30
        self.assertEqual(self.format.origin, "delivered")

    def test_moving_a_column_is_an_edit(self):
        self.format.column_ids[0].sequence = 99
        self.assertEqual(self.format.origin, "edited")

    def test_an_archived_format_stays_archived(self):
        self.format.active = False
        self.flows._load_registry()
        self.assertFalse(self.format.active)
        self.assertEqual(len(self._all_versions("AR_CMD")), 2)

    def _all_versions(self, code):
        formats = self.formats.with_context(active_test=False)
        return formats.search([("flow_id.code", "=", code)])

    def test_an_edited_flow_is_left_alone(self):
        self.order_flow.aliases = "ORDER"
        self.assertEqual(self.order_flow.origin, "edited")
        self.flows._load_registry()
        self.assertEqual(self.order_flow.aliases, "ORDER")

    def test_an_unedited_flow_follows_the_product(self):
        rows = self.flows._seed_rows()
        changed = [row | {"grouping": "source"} for row in rows]
        with patch.object(type(self.flows), "_seed_rows", lambda self: changed):
            self.flows._load_registry()
        self.assertEqual(self.flows._by_code("CR_MAD").grouping, "source")
        self.assertEqual(self.order_flow.answer_flow_id.code, "AR_CMD")

    def test_what_is_delivered_cannot_be_deleted(self):
        for record in (self.order_flow, self.format):
            with self.subTest(record), self.assertRaises(UserError):
                record.unlink()
        self.format.copy().unlink()

    def test_a_format_of_ours_is_never_touched(self):
        own = self.format.copy({"operator_id": self.operator.id})
        own.column_ids = [Command.delete(own.column_ids[-1].id)]
        self._deliver({"DateArCommandePrise": "DateAr"})
        self.assertEqual(len(own.column_ids), 4)
        self.assertEqual(own.origin, "own")

    def test_definitions_hold_the_versions_they_say(self):
        definitions = flow_registry._read_definitions(
            "oiconnect_interop/formats", "CR_CMD"
        )
        counts = {v: len(columns_of(definitions, v)) for v in ("V1.2", "V1.3")}
        self.assertEqual(counts, {"V1.2": 74, "V1.3": 78})


def _renamed(column, names):
    fields = {name: getattr(column, name) for name in column.__dataclass_fields__}
    return type(column)(**fields | {"name": names.get(column.name, column.name)})
