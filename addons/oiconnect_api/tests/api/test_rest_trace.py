from lxml import etree

from odoo.tests.common import tagged

from ...rest import trace
from .rest_common import RestCase


@tagged("post_install", "-at_install")
class TestRestTrace(RestCase):
    """The optical path of a line: by its PTO, its route, its order."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.route = cls.routes[0]
        cls.order = cls.env["oiconnect.access.order"].create(
            {"network_id": cls.network.id, "operator_id": cls.operator.id}
        )
        cls.route.sudo().access_order_id = cls.order

    def test_the_hops_of_a_line(self):
        trace_data = self._get(f"/routes/{self.route.id}/trace")
        trace.Trace.model_validate(trace_data)
        self.assertEqual(
            (trace_data["id"], trace_data["name"]), (self.route.id, self.route.name)
        )
        found = {(one["resource"], one["id"]) for one in trace_data["data"]}
        self.assertIn(("pbos", self.route.pbo_id.id), found)
        of_order = self._get(f"/access-orders/{self.order.id}/trace")
        self.assertEqual(of_order["id"], self.order.id)
        strip = [{**one, "here": None} for one in trace_data["data"]]
        self.assertEqual([{**one, "here": None} for one in of_order["data"]], strip)

    def test_the_drawing_is_that_of_the_screens(self):
        path = f"/routes/{self.route.id}/trace"
        by_header = self._call("GET", path, headers={"Accept": "image/svg+xml"})
        self.assertEqual(by_header.headers["Content-Type"], "image/svg+xml")
        by_name = self._call("GET", path, params={"format": "svg"})
        self.assertEqual(by_name.content, by_header.content)
        self.assertEqual(
            etree.fromstring(by_name.content).tag, "{http://www.w3.org/2000/svg}svg"
        )
        shown = self.env["oiconnect.trace"].with_context(lang="fr_FR")
        drawing = str(shown._whole(self.route, self.route)["svg"])
        self.assertEqual(by_name.content.decode(), drawing)

    def test_an_order_without_route_has_no_path(self):
        self.route.sudo().access_order_id = False
        trace_data = self._get(f"/access-orders/{self.order.id}/trace")
        self.assertEqual(trace_data["data"], [])
        answer = self._call(
            "GET", f"/access-orders/{self.order.id}/trace", params={"format": "svg"}
        )
        self.assertEqual(answer.status_code, 200)

    def test_who_follows_needs_the_scope_of_routes(self):
        path = f"/pbos/{self.pbo.id}/trace"
        _key, value = self._new_key(user_id=self.user.id, resources=["pbos"])
        self.assertProblem(self._call("GET", path, value), 403, "no-scope")
        _key, value = self._new_key(user_id=self.user.id, resources=["pbos", "routes"])
        self.assertTrue(self._get(path, value)["data"])
        self.assertProblem(self._call("GET", "/ptos/0/trace"), 404, "unknown")
        answer = self._call("GET", path, params={"format": "pdf"})
        self.assertProblem(answer, 422, "invalid")
