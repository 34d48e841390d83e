from lxml import etree

from odoo.tests.common import TransactionCase, tagged

MARKS = {"o_oic_code", "o_oic_codes"}
# Models whose records are codes of the protocol, wherever they are named.
CODED_MODELS = {"oiconnect.reason", "oiconnect.flow"}
# Fields that hold a code, whatever their model, and those of other kinds of codes.
CODED_NAMES = {"code", "flow", "flow_code", "error_code", "connection_type"}
OTHER_CODES = {
    "oiconnect.network",
    "oiconnect.fibre.colour",
    "oiconnect.pbo.type",
    "oiconnect.pbo.connection.type",
    # Return codes of web services, numbers that mean something with the answer only
    "oiconnect.soap.call",
    # Numbers of cases, which are ours
    "oiconnect.conformance.case",
    "oiconnect.conformance.step",
    # Codes of objects in a delivery of the network
    "oiconnect.gracethd.difference.line",
}
# Texts in which codes stand.
CODED_TEXTS = {
    ("oiconnect.access.order", "timeline"),
    ("oiconnect.ticket", "timeline"),
    ("oiconnect.building", "blocking_alert"),
    ("oiconnect.building", "warning_alert"),
    ("oiconnect.pm", "blocking_alert"),
    ("oiconnect.pm", "warning_alert"),
    ("oiconnect.access.order", "decision_story"),
    ("oiconnect.event", "content"),
    ("oiconnect.event", "readable_payload"),
    ("oiconnect.exchange.error", "shown_message"),
    ("oiconnect.import.error", "message"),
    ("oiconnect.todo", "detail"),
}
# Where a field is not shown as an element of its own.
ELSEWHERE = {"search", "pivot", "graph", "calendar", "groupby"}


@tagged("post_install", "-at_install")
class TestCodes(TransactionCase):
    """Codes of the protocol tell what they mean, wherever a view shows them."""

    def test_each_field_that_holds_a_code_explains_it_when_it_is_pointed_at(self):
        seen = 0
        for view in self._views():
            root = self.env[view.model].get_view(view.id, view.type)["arch"]
            for model, node in self._shown_fields(view.model, root):
                if self._holds_codes(model, node.get("name")):
                    seen += 1
                    with self.subTest(view=view.name, field=node.get("name")):
                        self.assertTrue(MARKS & set(node.get("class", "").split()))
        self.assertTrue(seen)

    def _views(self):
        return self.env["ir.ui.view"].search(
            [
                ("mode", "=", "primary"),
                ("model", "=like", "oiconnect.%"),
                ("type", "in", ("list", "form", "kanban")),
            ]
        )

    def _shown_fields(self, model, arch):
        """Return ``(model, node)`` of each field shown, in inner views too."""
        found = []
        self._walk(model, etree.fromstring(arch), found)
        return found

    def _walk(self, model, node, found):
        if node.tag in ELSEWHERE:
            return
        if node.tag == "field" and node.get("name") in self.env[model]._fields:
            if not {"True", "1"} & {
                node.get("invisible"),
                node.get("column_invisible"),
            }:
                found.append((model, node))
            model = self.env[model]._fields[node.get("name")].comodel_name or model
        for child in node:
            self._walk(model, child, found)

    def _holds_codes(self, model, name):
        field = self.env[model]._fields[name]
        if field.type in ("many2one", "many2many"):
            return field.comodel_name in CODED_MODELS
        if (model, name) in CODED_TEXTS:
            return True
        return name in CODED_NAMES and model not in OTHER_CODES
