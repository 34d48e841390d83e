"""make test: the addons' tests on a copy of a template, then the end-to-end tests."""

import os
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path

from oictools import database, settings, sources, templates
from oictools.console import main, say

E2E = settings.ROOT / "tests"
REPORTS = settings.HOME / "reports"
COVERAGE = REPORTS / "coverage"
LIMIT = 40 * 60
NO_TESTS = 5


def pytest(name, arguments, environment):
    """One pytest run; returns its exit code. Its report is kept."""
    report = REPORTS / f"{name}.xml"
    report.unlink(missing_ok=True)
    command = [sys.executable, "-m", "pytest", f"--junitxml={report}", *arguments]
    process = subprocess.Popen(
        command, cwd=settings.ROOT, env={**os.environ, **environment}
    )
    try:
        return process.wait(timeout=LIMIT)
    except subprocess.TimeoutExpired:
        say(f"{name}: stopped after {LIMIT // 60} minutes")
        return 1
    finally:
        process.terminate()
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()


def count(name):
    """How many tests passed, failed and were skipped (subtests are no tests)."""
    report = REPORTS / f"{name}.xml"
    totals = Counter()
    if not report.exists():
        return totals
    for case in ET.parse(report).getroot().iter("testcase"):
        results = {child.tag for child in case}
        bad = results & {"failure", "error"}
        totals[
            "failed" if bad else "skipped" if "skipped" in results else "passed"
        ] += 1
    return totals


def split(arguments):
    """The arguments of a partial run: those of the addons, and those of tests/."""
    paths = [
        word
        for word in arguments
        if not word.startswith("-") and Path(word.split("::")[0]).exists()
    ]
    others = [word for word in arguments if word not in paths]
    if not paths:
        paths = [str(settings.ADDONS / name) for name in sources.present()] + [str(E2E)]
    absolute = [str(Path(word).absolute()) for word in paths]
    addons = [
        word
        for word in absolute
        if Path(word.split("::")[0]).is_relative_to(settings.ADDONS)
    ]
    return addons, [word for word in absolute if word not in addons], others


def test_addons(paths, others, template):
    name = f"oic_test_{os.getpid()}"
    say(f"tests of the addons, on a copy of {template}")
    database.clone(template, name)
    try:
        arguments = [
            "--odoo-http",
            f"--odoo-database={name}",
            "--odoo-log-level=critical",
        ]
        return pytest("addons", arguments + others + paths, {})
    finally:
        database.drop(name)


def test_end_to_end(paths, others, nodemo, demo):
    say("end-to-end tests")
    names = {"OIC_TEST_TEMPLATE_NODEMO": nodemo, "OIC_TEST_TEMPLATE_DEMO": demo}
    try:
        return pytest("end-to-end", ["-p", "no:odoo", *others, *paths], names)
    finally:
        for name in database.names("oic_test_e2e"):
            database.drop(name)


def coverage_environment():
    """Every Python process of the tests, Odoo servers too, leaves its coverage."""
    COVERAGE.mkdir(parents=True, exist_ok=True)
    for old in COVERAGE.glob(".coverage*"):
        old.unlink()
    os.environ["COVERAGE_FILE"] = str(COVERAGE / ".coverage")
    os.environ["COVERAGE_PROCESS_START"] = str(settings.ROOT / "pyproject.toml")


def print_coverage():
    run = [sys.executable, "-m", "coverage"]
    subprocess.run(
        [*run, "combine", "-q", str(COVERAGE)],
        cwd=settings.ROOT,
        timeout=300,
        check=False,
    )
    subprocess.run(
        [*run, "report", "--sort=cover"], cwd=settings.ROOT, timeout=300, check=False
    )


def test():
    addons, end_to_end, others = split(sys.argv[1:])
    REPORTS.mkdir(exist_ok=True)
    for report in REPORTS.glob("*.xml"):
        report.unlink()
    nodemo, *demo = templates.ensure("nodemo", *(["demo"] if end_to_end else []))
    coverage_environment()
    codes = []
    if addons:
        codes.append(test_addons(addons, others, nodemo))
    if end_to_end and E2E.is_dir():
        codes.append(test_end_to_end(end_to_end, others, nodemo, *demo))
    print_coverage()
    return close(codes)


def close(codes):
    """The closing line; nothing is printed after it."""
    totals = count("addons") + count("end-to-end")
    failed = totals["failed"]
    # A run that broke off without a failing test (a time-out, say) fails too.
    broken = [code for code in codes if code not in (0, NO_TESTS)]
    if broken and not failed:
        failed = len(broken)
    sys.stderr.flush()
    print(
        f"{totals['passed']} passed, {failed} failed, {totals['skipped']} skipped",
        flush=True,
    )
    return 1 if failed or not totals["passed"] else 0


if __name__ == "__main__":
    main(test, stop_server=os.environ.get("CI") == "true")
