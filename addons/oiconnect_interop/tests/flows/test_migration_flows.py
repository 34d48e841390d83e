from importlib.util import module_from_spec, spec_from_file_location

from odoo.modules import get_module_path
from odoo.tests.common import tagged

from .flow_common import FlowCase

SCRIPT = "migrations/19.0.0.3.0/post-flow-links.py"
NEW = ("key_field", "carried_field", "report", "notice", "carrier")


@tagged("post_install", "-at_install")
class TestMigrationFlows(FlowCase):
    """Flows of an older database get what the code knew of them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        path = f"{get_module_path('oiconnect_interop')}/{SCRIPT}"
        spec = spec_from_file_location("post_migration", path)
        cls.script = module_from_spec(spec)
        spec.loader.exec_module(cls.script)
        cls.before = cls._contents()
        cls._make_old()

    @classmethod
    def _contents(cls):
        return {flow.code: flow._seed_content() for flow in cls.flows.search([])}

    @classmethod
    def _make_old(cls):
        """Leave all flows as the version before had them."""
        flows = cls.flows.search([])
        fields = (*cls.script.FIELDS, *cls.script.LINKS.values())
        flows.write(dict.fromkeys(fields, False))
        for flow in flows:
            content = flow._seed_content()
            old = {name: value for name, value in content.items() if name not in NEW}
            flow.seed_hash = flow._seed_digest(old)

    def test_delivered_flows_are_as_on_a_new_database(self):
        self.script.migrate(self.env.cr, "19.0.0.2.0")
        self.env.invalidate_all()
        self.assertEqual(self._contents(), self.before)
        origins = set(self.flows.search([]).mapped("origin"))
        self.assertEqual(origins, {"delivered"})

    def test_what_was_edited_stays_and_own_flows_go_on(self):
        edited = self.flows._by_code("CR_CMD")
        edited.encoding = "cp1252"
        own = edited.copy({"code": "CR_OWN", "seed_hash": False})
        self.script.migrate(self.env.cr, "19.0.0.2.0")
        self.env.invalidate_all()
        self.assertEqual((edited.encoding, edited.origin), ("cp1252", "edited"))
        self.assertEqual(edited.notice_flow_id.code, "NOTIF_CR")
        self.assertEqual((own.notice_flow_id.code, own.origin), ("NOTIF_CR", "own"))
        self.assertEqual(own.key_field, "oc_reference")
