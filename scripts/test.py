"""make test: all tests, side by side on copies of template databases."""

import os
import subprocess
import sys

from oictools import database, settings, templates
from oictools.console import main
from testrun import plan, plugin
from testrun.report import Report
from testrun.run import run

COVERAGE = settings.HOME / "coverage"
#: three times what the whole suite takes on two cores
MINUTES = 45


def coverage_environment():
    """Every Python process of the tests, Odoo servers too, leaves its coverage."""
    COVERAGE.mkdir(parents=True, exist_ok=True)
    for old in COVERAGE.glob(".coverage*"):
        old.unlink()
    os.environ["COVERAGE_FILE"] = str(COVERAGE / ".coverage")
    os.environ["COVERAGE_PROCESS_START"] = str(settings.ROOT / "pyproject.toml")


def print_coverage():
    command = [sys.executable, "-m", "coverage"]
    for words in (["combine", "-q", str(COVERAGE)], ["report", "--sort=cover"]):
        subprocess.run([*command, *words], cwd=settings.ROOT, timeout=600, check=False)


def parts():
    """The parts to run, and the templates that they need."""
    addons, end_to_end, options = plan.split(sys.argv[1:])
    nodemo, *demo = templates.ensure("nodemo", *(["demo"] if end_to_end else []))
    found = []
    if end_to_end:
        os.environ["OIC_TEST_TEMPLATE_NODEMO"] = nodemo
        os.environ["OIC_TEST_TEMPLATE_DEMO"] = demo[0]
        found.append(plan.end_to_end_part(end_to_end, options))
    if addons:
        found.append(plan.addons_part(addons, options, nodemo))
    return found


def drop_copies():
    for prefix in (plugin.PREFIX, "oic_test_e2e"):
        for name in database.names(prefix):
            database.drop(name)


def test():
    chosen = parts()
    covered = bool(os.environ.get("COVERAGE"))
    if covered:
        coverage_environment()
    report = Report()
    try:
        run(chosen, report, MINUTES * (2 if covered else 1))
    finally:
        drop_copies()
        templates.forget_moved()
    if covered:
        print_coverage()
    return report.close()


if __name__ == "__main__":
    main(test, stop_server=bool(os.environ.get("CI") or os.environ.get("AT")))
