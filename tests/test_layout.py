"""Checks of the map of the code, and of rules for all of it."""

import ast
import re
import subprocess
from functools import cache

import foreign_readers
import pytest
from oictools import settings

ADDONS = (
    *("base", "infra", "orders", "sav", "statistics"),
    *("import", "interop", "soap", "api", "gracethd", "billing", "portal"),
)
#: a dozen files at the most hold what an access order is
CHAPTERS = 12
# A text of a tour that opens a quotation: all of the selector behind it is then read
# as text, and the step finds something else.
UNQUOTED = re.compile(r""":contains\([^)"\\]*'""")
# What a reader of the map is sent to: a path, or the end of one
PATH = re.compile(r"`([\w./*<>-]+(?:/|\.(?:py|xml|csv|js|sh|md|sql|conf|txt)))`")
TEST = re.compile(r"`([\w./-]+\.py)::(\w+)`")
# Where a page is given text that it does not escape
UNESCAPED = re.compile(r"t-raw|\bmarkup\(|innerHTML|insertAdjacentHTML|Markup\(f[\"']")
# A scheduled action takes what no other process has, and one failed record keeps no
# other waiting; but for these, which take one record only
TAKES = "try_lock_for_update("
ISOLATES = ("apply_isolated(", "isolated_savepoint(", "_apply_by_batches(")
TAKEN_ALONE = ("conformance/run.py", "network/route.py")


@cache
def tracked(*folders):
    """The files that git tracks, in ``folders`` or everywhere."""
    command = ["git", "ls-files", *folders]
    found = subprocess.run(
        command, cwd=settings.ROOT, capture_output=True, text=True, check=True
    )
    return found.stdout.splitlines()


def product(*addons):
    """The files of addons that are neither tests, migrations, texts nor help."""
    skipped = {"tests", "migrations", "i18n", "help", "readme", "description"}
    for path in tracked(*(f"addons/oiconnect_{addon}" for addon in addons)):
        if path.endswith((".py", ".xml", ".js")) and not set(path.split("/")) & skipped:
            yield path, (settings.ROOT / path).read_text()


@pytest.mark.parametrize("addon", ["base", "interop", "api"])
def test_what_all_orders_share_names_no_kind_of_order(addon):
    named = re.compile(r"access[._]order")
    assert [path for path, text in product(addon) if named.search(text)] == []


def test_the_border_by_files_knows_no_web_service():
    named = re.compile(r"oiconnect[._]soap|\bsoap[._](account|call|service)")
    assert [path for path, text in product("interop") if named.search(text)] == []


def test_an_access_order_lies_in_a_dozen_chapters():
    extended = re.compile(r"_(?:inherit|name) = \[?\s*\"oiconnect\.access\.order\"")
    # Tickets add what they have on the form of an order, and the portal shows orders:
    # a file of their own.
    addons = [addon for addon in ADDONS if addon not in ("sav", "portal")]
    chapters = [path for path, text in product(*addons) if extended.search(text)]
    assert 0 < len(chapters) <= CHAPTERS, chapters


def test_a_text_with_an_apostrophe_is_quoted_in_tours():
    tours = tracked("addons/*/static/tests/*.js")
    assert tours
    wrong = [
        f"{path}: {found[0]}"
        for path in tours
        for found in UNQUOTED.finditer((settings.ROOT / path).read_text())
    ]
    assert wrong == []


def missing_of(paths):
    """Those of ``paths``, as our texts write them, that name no file."""
    return [path for path in paths if not found_at(path)]


def found_at(path):
    """The files that ``path`` may name: the whole of it, or its end."""
    files = tracked()
    if path in files:
        return [path]
    pattern = re.escape(path).replace(r"\*", "[^/]*")
    pattern = re.sub(rf"^({'|'.join(ADDONS)})/", r"oiconnect_\1/", pattern)
    wanted = re.compile(rf"(^|/){pattern}")
    return [file for file in files if wanted.search(file)]


@pytest.mark.parametrize("page", ["ARCHITECTURE.md", "docs/where-to-look.md"])
def test_the_map_of_the_code_names_what_exists(page):
    named = PATH.findall((settings.ROOT / page).read_text())
    assert len(named) > 30
    assert missing_of(named) == []


def test_the_map_of_the_code_is_read_in_five_minutes():
    words = (settings.ROOT / "ARCHITECTURE.md").read_text().split()
    assert len(words) < 1_700


# -- docs/threats.md -------------------------------------------------------------------


def test_the_page_of_threats_names_what_exists():
    text = (settings.ROOT / "docs" / "threats.md").read_text()
    named = PATH.findall(text)
    assert len(named) > 30
    assert missing_of(named) == []
    shown = TEST.findall(text)
    assert len(shown) > 80
    wrong = []
    for path, name in shown:
        files = [(settings.ROOT / file).read_text() for file in found_at(path)]
        if len(files) != 1 or not re.search(rf"\bdef {name}\(", files[0]):
            wrong.append(f"{path}::{name}")
    assert wrong == []


def test_what_is_not_escaped_is_drawn_by_us():
    """Texts that others typed are escaped, but by what is listed here."""
    found = {path for path, text in product(*ADDONS) if UNESCAPED.search(text)}
    assert found == {
        # Drawings, whose texts optical/shapes.py escapes
        "addons/oiconnect_infra/static/src/trace/trace_drawing.js",
        "addons/oiconnect_infra/static/src/trace/trace_screen.js",
        # The credit of a map: texts and web links only, of what its setting holds
        "addons/oiconnect_infra/static/src/map/leaflet/attribution.js",
    }


def test_every_library_has_its_hash():
    lists = tracked("requirements/*.txt")
    pinned = [path for path in lists if not path.endswith("overrides.txt")]
    assert len(pinned) > 3
    for path in pinned:
        text = (settings.ROOT / path).read_text().replace("\\\n", " ")
        lines = [line for line in text.splitlines() if re.match(r"[\w@]", line)]
        assert lines, path
        assert [line for line in lines if "--hash=sha256:" not in line] == [], path
    assert "--require-hashes" in (settings.ROOT / "scripts" / "setup.sh").read_text()


def test_a_record_that_fails_stops_no_scheduled_action():
    taking = [
        (path, text)
        for path, text in product(*ADDONS)
        if TAKES in text and not path.endswith(TAKEN_ALONE)
    ]
    assert len(taking) > 3
    wrong = [
        path for path, text in taking if not any(word in text for word in ISOLATES)
    ]
    assert wrong == []


def test_a_day_is_one_of_clocks_in_france():
    """The day of the server, or without time zone, is yesterday's at midnight."""
    other = re.compile(
        r"context_today|[Dd]ate\.today\(|\bcurrent_date\b", re.IGNORECASE
    )
    found = {
        path
        for path, text in product(*ADDONS, "demo")
        if path.endswith(".py") and other.search(text)
    }
    assert found == set()


def test_foreign_formats_are_read_where_it_is_said():
    """A new reader says why in the server's own process, or runs in another."""
    found = set()
    for path, text in product(*ADDONS, "demo"):
        if path.endswith(".py") and foreign_imports(ast.parse(text)):
            found.add(path.removeprefix("addons/oiconnect_"))
    assert found == {*foreign_readers.HERE, *foreign_readers.IN_A_PROCESS}


def test_only_its_process_runs_what_reads_a_foreign_format():
    """``zip_reader`` opens zips, ``reader`` deliveries: only these call what does."""
    calls = {
        "open_entry(": {"import/bulk/archive.py", "import/bulk/zip_reader.py"},
        "read_delivery(": {
            "gracethd/reading/delivery.py",
            "gracethd/reading/reader.py",
        },
        "Database(": {"gracethd/reading/database.py", "gracethd/reading/delivery.py"},
        "picture_reader": {"infra/models/inventory/pm_plan.py"},
    }
    for call, expected in calls.items():
        found = {
            path.removeprefix("addons/oiconnect_")
            for path, text in product("infra", "import", "interop", "api", "gracethd")
            if path.endswith(".py")
            and re.search(
                rf"(?<!\w){re.escape(call)}|class {re.escape(call)[:-2]}:", text
            )
        }
        assert found == expected, call


def foreign_imports(tree):
    """Return the modules of a file that read a foreign format."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found.add(node.module)
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    roots = {name for name in found if name.split(".")[0] in foreign_readers.MODULES}
    return roots | (found & foreign_readers.ODOO)


def test_an_undeclared_reader_is_found():
    for line in ("import sqlite3", "from PIL import Image", "from lxml import etree"):
        assert foreign_imports(ast.parse(f"def f():\n    {line}"))
    assert foreign_imports(ast.parse("from odoo.tools import image"))
    assert not foreign_imports(ast.parse("from .csv import x\nimport json"))


def test_a_test_with_a_browser_is_skipped_where_there_is_none():
    """`make test` passes on a bare Debian, as the README promises."""
    modules = {
        path.name: path.read_text()
        for path in (settings.ROOT / "tests").glob("test_*.py")
    }
    users = {name for name, text in modules.items() if "import Chromium" in text}
    marked = {name for name in users if "needs_browser" in modules[name]}
    assert users
    assert users == marked
