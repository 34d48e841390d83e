"""Template databases for tests, each known by a digest of what it was made from.

First what is not ours (Odoo, OCA), then our addons on a copy of it: a change in one of
ours costs seconds. Templates of earlier states go when newer ones are made.
"""

import fcntl
import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from . import database, odoo, settings, sources
from .console import say

KEPT = 3
# What is made with a moved clock (scripts/clock.sh) is of no use at another time.
MOVED = "_at" if os.environ.get("AT") else ""


def _digest(*parts):
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:10]


class Template:
    def __init__(self, *, demo):
        self.demo = demo
        self.kind = "demo" if demo else "nodemo"
        self.addons = sources.present(demo=demo)
        foundation = _digest(sources.platform_hash(), sources.foreign_depends())
        hashes = sorted(sources.hashes(demo=demo).items())
        ours = _digest(foundation, hashes, odoo.TEST_SCRIPTS)
        self.base = f"oic_tpl_base_{self.kind}_{foundation}{MOVED}"
        self.name = f"oic_tpl_{self.kind}_{ours}{MOVED}"

    def ensure(self):
        with _locked(self.kind):
            if not database.exists(self.name):
                self._build()
            self._forget_old()
        return self.name

    def _build(self):
        if not database.exists(self.base):
            self._build_base()
        building = f"oic_new_{self.kind}{MOVED}"
        say(f"{self.kind}: installing {', '.join(self.addons)}")
        database.clone(self.base, building)
        self._install(building, self.addons, f"install-{self.kind}")
        odoo.build_assets(building, f"assets-{self.kind}", tests=not self.demo)
        database.rename(building, self.name)
        say(f"{self.kind}: template ready")

    def _build_base(self):
        building = f"oic_new_base_{self.kind}{MOVED}"
        addons = sources.foreign_depends()
        say(f"{self.kind}: installing {', '.join(addons)} (about a minute)")
        database.drop(building)
        self._install(building, addons, f"install-base-{self.kind}")
        database.rename(building, self.base)

    def _install(self, name, addons, log_name):
        progress = odoo.install(
            name, addons, demo=self.demo, log_name=log_name, label=f"{self.kind}: "
        )
        say(f"{self.kind}: {progress.summary()}")

    def _forget_old(self):
        for prefix in (f"oic_tpl_base_{self.kind}_", f"oic_tpl_{self.kind}_"):
            for name in _by_age(prefix)[:-KEPT]:
                if name not in (self.name, self.base):
                    database.drop(name)


def _by_age(prefix):
    with database.connect() as cursor:
        query = "SELECT datname FROM pg_database WHERE starts_with(datname, %s)"
        cursor.execute(query + " ORDER BY oid", [prefix])
        return [name for (name,) in cursor.fetchall()]


@contextmanager
def _locked(kind):
    """Two commands at once in one OIC_HOME build a template once."""
    with (settings.HOME / f"template-{kind}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def forget_moved():
    """Drop what was made with a moved clock."""
    for name in database.names("oic_tpl_"):
        if name.endswith("_at"):
            database.drop(name)


def ensure(*kinds):
    """The names of the templates "demo" and "nodemo", built together when missing."""
    if MOVED:
        forget_moved()
    templates = [Template(demo=kind == "demo") for kind in kinds]
    with ThreadPoolExecutor(len(templates)) as pool:
        futures = [pool.submit(template.ensure) for template in templates]
        try:
            return [future.result() for future in futures]
        except BaseException:
            odoo.stop_all()
            raise
