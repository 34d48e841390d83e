from odoo.exceptions import ValidationError
from odoo.tests.common import tagged

from .flow_common import FlowCase


@tagged("post_install", "-at_install")
class TestFlowOperator(FlowCase):
    """Each operator is spoken to in the version it chose."""

    def _offered(self, name):
        description = self.env["oiconnect.operator"].fields_get([name])[name]
        return [key for key, _label in description["selection"]]

    def test_a_new_operator_speaks_the_latest_versions(self):
        self.assertEqual(self.operator.access_version, "V1.3")
        self.assertEqual(self.operator.pm_version, "V3.1")

    def test_the_two_latest_versions_are_offered(self):
        self.assertEqual(self._offered("access_version"), ["V1.3", "V1.2"])
        self.assertEqual(self._offered("pm_version"), ["V3.1", "V3.0"])

    def test_a_new_version_is_offered_as_soon_as_it_has_a_format(self):
        self._format("CMD_ACCES", "V1.3").copy()
        self.assertEqual(self._offered("access_version"), ["V1.4", "V1.3"])

    def test_an_older_version_stays_offered_while_it_is_spoken(self):
        self.operator.pm_version = "V2.0"
        self.assertEqual(self._offered("pm_version"), ["V3.1", "V3.0", "V2.0"])

    def test_a_version_without_format_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "V9.9"):
            self.operator.access_version = "V9.9"

    def test_a_version_is_that_of_its_protocol(self):
        self.operator.access_version = "V1.2"
        self.assertEqual(self.operator._protocol_version("access"), "V1.2")
        self.assertEqual(self.operator._protocol_version("pm"), "V3.1")

    def test_an_own_format_offers_no_version_to_others(self):
        common = self._format("CMD_ACCES", "V1.3")
        common.copy({"version": "V1.9", "operator_id": self.operator.id})
        self.assertNotIn("V1.9", self._offered("access_version"))
