"""How long the tests of the last run took: the longest are started first."""

import json

from oictools import settings

FILE = settings.HOME / "test-durations.json"


def scope(test):
    """The class or file that a test is run with: one process does all of it."""
    return test.rsplit("::", 1)[0]


def load():
    """{scope: seconds}"""
    try:
        return json.loads(FILE.read_text())
    except (OSError, ValueError):
        return {}


def save(seconds):
    """Keep ``{test: seconds}``, beside what is known of tests that did not run."""
    found = {}
    for test, value in seconds.items():
        found[scope(test)] = found.get(scope(test), 0) + value
    new = FILE.with_suffix(".new")
    new.write_text(json.dumps(load() | found, indent=0, sort_keys=True))
    new.rename(FILE)
