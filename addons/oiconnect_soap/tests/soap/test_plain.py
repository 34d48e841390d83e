"""The wire layer is plain Python: it can be read, tested and used without Odoo."""

import ast
import unittest
from pathlib import Path

SOAP = Path(__file__).parents[2] / "soap"
MODULES = sorted(SOAP.rglob("*.py"))


def imported(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")


class TestPlain(unittest.TestCase):
    def test_no_module_imports_odoo_or_leaves_its_package(self):
        for path in MODULES:
            above = "." * (len(path.relative_to(SOAP).parts) + 1)
            names = set(imported(ast.parse(path.read_text())))
            wrong = [name for name in names if name.startswith(("odoo", above))]
            self.assertEqual(wrong, [], path.name)

    def test_what_is_public_is_documented(self):
        for path in MODULES:
            tree = ast.parse(path.read_text())
            self.assertTrue(ast.get_docstring(tree), path.name)
            public = [
                node
                for node in tree.body
                if isinstance(node, ast.ClassDef | ast.FunctionDef)
                and not node.name.startswith("_")
            ]
            bare = [node.name for node in public if not ast.get_docstring(node)]
            self.assertEqual(bare, [], path.name)
