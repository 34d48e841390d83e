"""The protocol is plain Python: it can be read, tested and used without Odoo."""

import ast
from pathlib import Path

import pytest

from ...protocol import MESSAGES

ADDON = Path(__file__).parents[2]
MODULES = sorted((ADDON / "protocol").glob("*.py"))


def imported(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_no_module_imports_odoo_or_leaves_its_package(path):
    names = set(imported(ast.parse(path.read_text())))
    assert not [name for name in names if name.startswith(("odoo", ".."))]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_what_is_public_is_documented(path):
    tree = ast.parse(path.read_text())
    assert ast.get_docstring(tree)
    public = [
        node
        for node in tree.body
        if isinstance(node, ast.ClassDef | ast.FunctionDef)
        and not node.name.startswith("_")
    ]
    assert [node.name for node in public if not ast.get_docstring(node)] == []


def constants(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def test_every_message_is_used_somewhere():
    modules = ADDON.parent.glob("oiconnect_*/**/*.py")
    sources = [path for path in modules if "tests" not in path.parts]
    used = {
        constant
        for path in sources
        if path.name != "errors.py"
        for constant in constants(path)
    }
    assert set(MESSAGES) <= used


def test_every_refusal_has_its_message():
    refusals = ("FileError", "FormatError", "ValueProblem", "refusal")
    keys = {
        node.args[-1].value
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", "") in refusals
        and node.args
        and isinstance(node.args[-1], ast.Constant)
    }
    assert keys
    assert keys <= set(MESSAGES) | {"FIMP15"}
