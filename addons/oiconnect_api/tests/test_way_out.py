from odoo.addons.oiconnect_interop.tests.test_way_out import WayOutCase

from .. import webhook as wire
from ..models.webhooks.webhook_send import Call


class TestWayOut(WayOutCase):
    """Events of webhooks leave by the way out that is theirs."""

    def test_webhooks(self):
        url = "https://oct1.example/events"
        call = Call(0, "test", url, b"{}", [("1", "key")], 5, wire.check_public)
        self.assertTrue(self.env["oiconnect.webhook"]._make_call(call).error)
        self.assertGoesOut("webhook", 443)
