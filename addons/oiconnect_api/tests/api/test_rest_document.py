from odoo.tests.common import tagged

from ...rest import schemas
from ...rest.resources import resources
from .rest_common import RestCase


@tagged("post_install", "-at_install")
class TestRestDocument(RestCase):
    """The documentation: complete, of this server, and true."""

    def _document(self):
        return self._call("GET", "/openapi.json", "").json()

    def test_every_resource_is_documented(self):
        document = self._document()
        self.assertTrue(document["openapi"].startswith("3.1"))
        for _model, resource in resources(self.env):
            path = document["paths"][f"/{resource.path}"]
            self.assertIn("get", path)
        operations = [
            one for path in document["paths"].values() for one in path.values()
        ]
        ids = [one["operationId"] for one in operations]
        self.assertEqual(len(ids), len(set(ids)))
        for one in operations:
            self.assertEqual(one["security"], [{"key": []}], one["operationId"])
            for status in ("401", "403", "429"):
                content = one["responses"][status]["content"]
                self.assertEqual(list(content), ["application/problem+json"])

    def test_every_reference_of_the_document_leads_somewhere(self):
        document = self._document()
        schemas = document["components"]["schemas"]

        def references(node):
            if isinstance(node, dict):
                if isinstance(node.get("$ref"), str):
                    yield node["$ref"]
                node = node.values()
            if not isinstance(node, str):
                for one in node if hasattr(node, "__iter__") else ():
                    yield from references(one)

        for reference in references(document):
            self.assertIn(reference.removeprefix("#/components/schemas/"), schemas)

    def test_every_answer_is_what_the_document_says(self):
        env = self.env(context={"lang": None})
        for model, resource in resources(self.env):
            description = env["oiconnect.rest"]._describe(model)
            record = schemas.answer_model(description, env)
            page = schemas.page_model(description, record)
            payload = self._get(f"/{resource.path}", count="true", limit=5)
            page.model_validate(payload)
            for one in payload["data"][:1]:
                self.assertEqual(set(one), set(description.names), resource.path)
                record.model_validate(self._get(f"/{resource.path}/{one['id']}"))
            if resource.operator_fields:
                payload = self._get(f"/{resource.path}", self.operator_value)
                page.model_validate(payload)
                for one in payload["data"]:
                    self.assertEqual(set(one), set(description.operator_names))

    def test_problems_are_what_the_document_says(self):
        for answer in (
            self._call("GET", "/buildings", ""),
            self._call("GET", "/buildings/1073741824"),
            self._call("GET", "/buildings", params={"limit": "x"}),
            self._call("PATCH", f"/buildings/{self.building.id}", json={}),
        ):
            schemas.Problem.model_validate(answer.json())

    def test_the_pages_load_nothing_from_elsewhere(self):
        page = self._call("GET", "/docs", "")
        self.assertEqual(page.status_code, 200)
        self.assertNotIn("//", page.text.replace("<!DOCTYPE", ""))
        for name in ("swagger-ui.css", "swagger-ui-bundle.js"):
            self.assertIn(f"docs/{name}", page.text)
            self.assertEqual(self._call("GET", f"/docs/{name}", "").status_code, 200)
        self.assertProblem(self._call("GET", "/docs/x.py", ""), 404, "unknown")

    def test_what_begins_an_index_sorts(self):
        for model, resource in resources(self.env):
            table = self.env[model]._table
            for column in resource.sorts:
                self.cr.execute(
                    "SELECT 1 FROM pg_index i JOIN pg_attribute a"
                    "    ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]"
                    " JOIN pg_class c ON c.oid = i.indexrelid"
                    " JOIN pg_am m ON m.oid = c.relam AND m.amname = 'btree'"
                    " WHERE i.indrelid = %s::regclass AND a.attname = %s",
                    [table, column],
                )
                self.assertTrue(self.cr.fetchone(), f"{table}.{column}")
