"""pytest plugin of `make test`, in the process that leads a part and in its workers.

Each worker has a database and ports of its own, and one Chromium for all its tours.
The longest tests come first. The process that leads tells test.py what happens.
"""

import json
import os
import random
import zlib

import freezegun
import pytest
from oictools import database, settings
from oictools.memory import freeze_loaded_objects
from oictools.services import PORTS

from . import durations, savings
from .plan import E2E

EVENTS = "OIC_TEST_EVENTS"
#: tells of each process which run it belongs to
MARK = "OIC_TEST_RUN"
#: of the names of databases; the run's number and the worker's follow
PREFIX = "oic_test_addons"
FIRST_PORT, PORTS_EACH = 20000, 400
# A test that froze the time is timed all the same.
freezegun.configure(extend_ignore_list=["_pytest.timing"])
# What an assertion of a helper saw is shown as in a test.
pytest.register_assert_rewrite(
    *{path.stem for path in (*E2E.glob("[a-z]*.py"), *E2E.glob("*/[a-z]*.py"))}
)


def pytest_configure(config):
    worker = _worker(config)
    if worker:
        _choose_ports(config, worker)
    if (events := os.environ.get(EVENTS)) and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Teller(int(events)))


def _worker(config):
    """The name of this worker; of the only process when there are no workers."""
    if hasattr(config, "workerinput"):
        return config.workerinput["workerid"]
    return None if getattr(config.option, "numprocesses", None) else "main"


def _choose_ports(config, worker):
    """Below those that the machine hands out itself, and no one else's."""
    rank = int(worker.removeprefix("gw")) if worker.startswith("gw") else 0
    if config.pluginmanager.hasplugin("odoo"):
        rank += 50
    # Two clones at work on one machine begin elsewhere.
    slot = rank % 100 + zlib.crc32(bytes(settings.ROOT)) % 30
    os.environ[PORTS] = str(FIRST_PORT + slot * PORTS_EACH % 12000)


# -- databases and browsers of the addons' tests ---------------------------------------


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_cmdline_main(config):
    worker = _worker(config)
    if not worker or not config.pluginmanager.hasplugin("odoo"):
        return (yield)
    # pytest-odoo would copy the database without its files.
    os.environ.pop("PYTEST_XDIST_WORKER", None)
    name = f"{PREFIX}_{os.environ.get(MARK, '0')}_{worker}"
    database.clone(config.option.odoo_database, name)
    config.option.odoo_database = name
    try:
        return (yield)
    finally:
        _leave(name)


def _leave(name):
    from .browser import SharedChrome

    SharedChrome.close()
    database.drop(name)


def pytest_sessionstart(session):
    if not _worker(session.config):
        return
    savings.read_own_constants()
    if session.config.pluginmanager.hasplugin("odoo"):
        from .browser import SharedChrome

        SharedChrome.install()
        savings.install()


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef):
    made = yield
    # pytest-odoo has loaded all models.
    if fixturedef.argname == "load_registry":
        freeze_loaded_objects()
    return made


# -- the order -------------------------------------------------------------------------


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """The longest first, by the last run; before them, what waits for no template.

    Tests of a class, or of a file without classes, stay together.
    OIC_TEST_SHUFFLE=<seed> shuffles these.
    """
    known = durations.load()
    scopes = {}
    for item in items:
        scopes.setdefault(durations.scope(item.nodeid), []).append(item)
    names = sorted(scopes, key=lambda name: -_weight(name, scopes[name], known))
    names.sort(key=lambda name: not _is_early(scopes[name]))
    if seed := os.environ.get("OIC_TEST_SHUFFLE"):
        names.sort()
        random.Random(seed).shuffle(names)  # noqa: S311
    items[:] = [item for name in names for item in scopes[name]]


def _is_early(items):
    return any(item.get_closest_marker("early") for item in items)


def _weight(name, items, known):
    """Seconds of the last run; on a new machine, what should take so many."""
    if name in known:
        return known[name]
    return sum(map(_guess, items))


def _guess(item):
    if item.get_closest_marker("slow") or "slow" in getattr(item.cls, "test_tags", ()):
        return 30
    ancestors = getattr(item.cls, "__mro__", ())
    return 5 if "HttpCase" in {cls.__name__ for cls in ancestors} else 0.2


# -- what happens ----------------------------------------------------------------------


@pytest.hookimpl(wrapper=True)
def pytest_report_to_serializable():
    """A report goes from a worker to the leader whatever text a failure shows."""
    return _encodable((yield))


def _encodable(value):
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, dict):
        return {_encodable(key): _encodable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(map(_encodable, value))
    return value


class Teller:
    """Writes what happens, a JSON object a line, for test.py to read."""

    def __init__(self, descriptor):
        self.stream = os.fdopen(descriptor, "w", buffering=1, encoding="utf-8")

    def tell(self, event, **values):
        self.stream.write(json.dumps({"event": event, **values}) + "\n")

    def pytest_xdist_node_collection_finished(self, ids):
        self.tell("collected", ids=ids)

    def pytest_collection_finish(self, session):
        if session.items:
            self.tell("collected", ids=[item.nodeid for item in session.items])

    def pytest_collectreport(self, report):
        if report.failed:
            text = str(report.longrepr)
            self.tell("report", test=report.nodeid, bad=True, seconds=0, text=text)

    def pytest_runtest_logstart(self, nodeid):
        self.tell("started", test=nodeid)

    def pytest_runtest_logreport(self, report):
        self.tell(
            "report",
            test=report.nodeid,
            bad=report.failed,
            skipped=report.skipped and not hasattr(report, "wasxfail"),
            seconds=report.duration,
            when=report.when,
            text=_text(report),
        )

    def pytest_runtest_logfinish(self, nodeid):
        self.tell("finished", test=nodeid)


def _text(report):
    if report.skipped and isinstance(report.longrepr, tuple):
        return report.longrepr[2]
    if not report.failed:
        return ""
    sections = [f"-- {title}\n{text[-4000:]}" for title, text in report.sections]
    return "\n".join([report.longreprtext, *sections])
