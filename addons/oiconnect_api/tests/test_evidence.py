from odoo import fields
from odoo.tests.common import tagged

from odoo.addons.oiconnect_interop.tests.evidence.test_seal import SealCase


@tagged("post_install", "-at_install")
class TestEvidence(SealCase):
    """Who was given a key, and when it was revoked, cannot be rewritten unseen."""

    def test_keys_and_their_revocations_are_evidence(self):
        key, _value = self.env["oiconnect.api.key"]._make(
            {
                "name": "SI",
                "company_id": self.network.company_id.id,
                "network_ids": [(6, 0, self.network.ids)],
                "operator_id": self.operator.id,
            }
        )
        second = self._seal()
        self.assertIn("keys", second.part_ids.mapped("source"))
        key.sudo().revoked_date = fields.Datetime.now()
        third = self._seal()
        self.assertEqual(third.part_ids.mapped("source"), ["revocations"])
        self.assertEqual(self._seal(), third)
        self.assertEqual(self._verify(), [])
