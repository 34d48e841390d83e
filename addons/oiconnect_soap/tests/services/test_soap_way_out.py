from odoo.addons.oiconnect_interop.tests.test_way_out import WayOutCase

from ...models.services.soap_client import Call
from ...soap.services import sav


class TestSoapWayOut(WayOutCase):
    def test_soap(self):
        call = Call("http://sav.oct1.example:8080/SAV", sav.SET, b"<x/>", 5)
        end = self.env["oiconnect.soap.account"]._make_call(call)
        self.assertEqual(end.outcome, "retry")
        self.assertGoesOut("SOAP", 8080)
