"""Which addon may know which other one: what it imports, names and depends on."""

import ast
import re
import subprocess

import pytest
from oictools import settings

#: Of each addon, the others that it may know, lowest first. A new addon has a row.
MAY_KNOW = {
    "base": (),
    "infra": ("base",),
    "orders": ("base", "infra"),
    "sav": ("base", "infra", "orders"),
    "statistics": ("base", "infra", "orders", "sav"),
    "billing": ("base", "infra", "orders", "sav"),
    "import": ("base", "infra"),
    "gracethd": ("base", "infra", "import"),
    "interop": ("base", "infra", "orders", "sav", "import"),
    "soap": ("base", "infra", "orders", "sav", "import", "interop"),
    "api": ("base", "infra", "orders", "sav", "import", "interop"),
    "portal": ("base", "infra", "orders", "sav", "billing", "import", "interop", "api"),
    "demo": (
        *("base", "infra", "orders", "sav", "billing", "import", "interop", "soap"),
        *("api", "portal"),
    ),
}
IMPORT = re.compile(r"\bodoo\.addons\.oiconnect_(\w+)")
IDENTIFIER = re.compile(r"""["'@%(,]oiconnect_(\w+)\.(?=\w)""")
MODEL = re.compile(r"""["'](oiconnect\.[\w.]+)["']""")
OWN_MODEL = re.compile(r'^    _name = "(oiconnect\.[\w.]+)"', re.MULTILINE)
#: parts of an addon that may name others: tests and texts
SKIPPED = {"tests", "migrations", "i18n", "help", "guides", "readme", "description"}


def sources():
    """Yield (addon, path, text) of the files of the product."""
    command = ["git", "ls-files", "addons/oiconnect_*"]
    listed = subprocess.check_output(command, cwd=settings.ROOT, text=True)
    for path in listed.splitlines():
        if path.endswith((".py", ".xml", ".csv", ".js")):
            _addons, addon, *parts = path.split("/")
            if not SKIPPED.intersection(parts):
                text = (settings.ROOT / path).read_text()
                yield addon.removeprefix("oiconnect_"), path, text


@pytest.fixture(scope="module")
def owners():
    """``{model: addon}``: the lowest addon that defines each model."""
    ranks = {addon: rank for rank, addon in enumerate(MAY_KNOW)}
    found = {}
    for addon, path, text in sources():
        for model in OWN_MODEL.findall(text) if path.endswith(".py") else ():
            first = found.setdefault(model, addon)
            found[model] = min(first, addon, key=ranks.__getitem__)
    return found


def known(text, owners):
    """Return the addons that a text imports, or whose records or models it names."""
    named = {*IMPORT.findall(text), *IDENTIFIER.findall(text)}
    models = {owners[model] for model in MODEL.findall(text) if model in owners}
    return named.intersection(MAY_KNOW) | models


def test_each_addon_has_its_row(owners):
    assert {addon for addon, _path, _text in sources()} == set(MAY_KNOW)
    assert set(owners.values()) <= set(MAY_KNOW)
    assert len(owners) > 200


def test_who_is_known_is_lower():
    """So there is no circle: each row names rows above it."""
    above = []
    for addon, lower in MAY_KNOW.items():
        assert set(lower) <= set(above), addon
        above.append(addon)


def test_no_addon_knows_another_than_it_may(owners):
    wrong = [
        f"{path}: {other}"
        for addon, path, text in sources()
        for other in known(text, owners) - {addon, *MAY_KNOW[addon]}
    ]
    assert wrong == []


@pytest.mark.parametrize("addon", MAY_KNOW)
def test_manifests_say_the_same(addon):
    path = settings.ADDONS / f"oiconnect_{addon}" / "__manifest__.py"
    depends = ast.literal_eval(path.read_text())["depends"]
    ours = {
        name.removeprefix("oiconnect_")
        for name in depends
        if name.startswith("oiconnect_")
    }
    assert ours <= set(MAY_KNOW[addon])
    reached = ours.union(*(MAY_KNOW[each] for each in ours))
    assert reached >= set(MAY_KNOW[addon]), "it may know what it does not depend on"


@pytest.mark.parametrize(
    "planted",
    [
        "from odoo.addons.oiconnect_portal.models import space",
        "import odoo.addons.oiconnect_portal",
        'self.env.ref("oiconnect_portal.page")',
        '<field name="inherit_id" ref="oiconnect_portal.page"/>',
        "<t t-call='oiconnect_portal.page'/>",
        'access,access,model,base.group_user,"oiconnect_portal.group",1,0,0,0',
        "domain=\"[('model', '=', 'oiconnect.portal.mixin')]\"",
        'self.env["oiconnect.portal.mixin"].search([])',
    ],
)
def test_a_planted_line_is_found(planted, owners):
    assert owners["oiconnect.portal.mixin"] == "portal"
    assert known(planted, owners) == {"portal"}
