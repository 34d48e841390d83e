"""make test: all tests, side by side on copies of template databases."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from oictools import database, settings, templates
from oictools.console import main
from testrun import plan, plugin
from testrun.report import Report
from testrun.run import run

COVERAGE = settings.HOME / "coverage"
#: of all tests, their databases included; .ci/run stops what takes longer
MINUTES = 75


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
    """The parts to run, each once what it cannot begin without is there.

    End-to-end tests wait for the template that they need: some need none, and run
    while templates are made, on one core.
    """
    addons, end_to_end, options = plan.split(sys.argv[1:])
    with ThreadPoolExecutor(1) as pool:
        if end_to_end:
            for kind in ("nodemo", "demo"):
                os.environ[templates.VARIABLE.format(kind)] = templates.name(kind)
            yield plan.end_to_end_part(end_to_end, options)
            demo = pool.submit(templates.ensure, "demo")
        [nodemo] = templates.ensure("nodemo")
        if addons:
            yield plan.addons_part(addons, options, nodemo)
        if end_to_end:
            demo.result()


def drop_copies():
    for prefix in (plugin.PREFIX, "oic_test_e2e"):
        for name in database.names(prefix):
            database.drop(name)


def test():
    templates.forget_moved()
    covered = bool(os.environ.get("COVERAGE"))
    if covered:
        coverage_environment()
    report = Report()
    try:
        run(parts(), report, MINUTES * (2 if covered else 1))
    finally:
        drop_copies()
        templates.forget_moved()
    if covered:
        print_coverage()
    return report.close()


if __name__ == "__main__":
    main(test, stop_server=bool(os.environ.get("CI") or os.environ.get("AT")))
