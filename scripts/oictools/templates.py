"""Template databases for tests, each known by a digest of what it was made from.

First what is not ours (Odoo, OCA), then our addons on a copy of it, then the demo on a
copy of that: a change in one of ours costs seconds. Templates of earlier states go when
newer ones are made.
"""

import fcntl
import hashlib
import os
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from passlib.hash import pbkdf2_sha512

from . import database, odoo, settings, sources
from .console import say

MAX_TEMPLATES = 3
# What is made with a moved clock (scripts/clock.sh) is of no use at another time.
MOVED = "_at" if os.environ.get("AT") else ""
# What tells the end-to-end tests the name of a template
VARIABLE = "OIC_TEST_TEMPLATE_{}"


def _digest(*parts):
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:10]


# A new server would look through all tables at once, for a second and a half.
NO_VACUUM = """
    WITH job AS (
        SELECT res_id AS id FROM ir_model_data
         WHERE module = 'base' AND name = 'autovacuum_job'
    ), gone AS (
        DELETE FROM ir_cron_trigger USING job WHERE cron_id = job.id
    )
    UPDATE ir_cron SET nextcall = nextcall + interval '10 days'
      FROM job WHERE ir_cron.id = job.id
"""


class Template:
    """A database made by installing ``addons`` on a copy of the one ``below``."""

    def __init__(self, kind, addons, state, below=None):
        self.kind, self.addons, self.below = kind, addons, below
        self.prefix = f"oic_tpl_{kind}_"
        content = _digest(below and below.name, addons, state)
        self.name = f"{self.prefix}{content}{MOVED}"

    def ensure(self):
        with _locked(self.kind):
            if not database.exists(self.name):
                self._build()
            self._forget_old()
        return self.name

    def _build(self):
        building = f"oic_new_{self.kind}{MOVED}"
        database.drop(building)
        if self.below:
            database.clone(self.below.ensure(), building)
        label = f"{self.kind}: "
        say(f"{label}installing {', '.join(self.addons)}")
        log_name = f"install-{self.kind}"
        progress = odoo.install(
            building,
            self.addons,
            log_name=log_name,
            label=label,
            french=bool(self.below),
        )
        say(f"{label}{progress.summary()}")
        self._finish(building)
        database.rename(building, self.name)
        say(f"{label}template ready")

    def _finish(self, building):
        """Have servers on copies spend no processor on what no test is about."""
        with database.connect(building) as cursor:
            _hash_quickly(cursor)
            cursor.execute(NO_VACUUM)
            # PostgreSQL takes tables that it has not looked at for empty ones: it read
            # the faulty buildings of the demo in a minute and a half.
            cursor.execute("ANALYZE")

    def _forget_old(self):
        for name in _by_age(self.prefix)[:-MAX_TEMPLATES]:
            if name != self.name:
                database.drop(name)


class ProductTemplate(Template):
    """Our addons, with what pages and tours load built already."""

    def _finish(self, building):
        super()._finish(building)
        odoo.build_assets(building, f"assets-{self.kind}", tests=True)


def _hash_quickly(cursor):
    """Give users their passwords again, which are their log-ins here, by a quick hash.

    To check one as Odoo keeps it takes a quarter of a second of processor.
    """
    cursor.execute("SELECT id, login FROM res_users WHERE active")
    for user, login in cursor.fetchall():
        password = pbkdf2_sha512.using(rounds=1).hash(login)
        cursor.execute(
            "UPDATE res_users SET password = %s WHERE id = %s", [password, user]
        )


def base():
    """Odoo and the OCA, without any addon of ours."""
    state = sources.platform_hash(), odoo.NOTHING_UNASKED
    return Template("base", sources.foreign_depends(), state)


def _templates():
    """The templates by kind: the product, then its demo."""
    hashes = sources.hashes(demo=True)
    demo = {sources.DEMO: hashes.pop(sources.DEMO, None)}
    state = sorted(hashes.items()), odoo.TEST_SCRIPTS
    nodemo = ProductTemplate("nodemo", sources.present(), state, base())
    return {
        "nodemo": nodemo,
        "demo": Template("demo", [sources.DEMO], demo, nodemo),
    }


def awaited(kind):
    """The name of a template once it is there; None outside of `make test`.

    Who makes it ends these tests when that fails.
    """
    name = os.environ.get(VARIABLE.format(kind))
    while name and not database.exists(name):
        time.sleep(1)
    return name


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


def name(kind):
    """The name of a template, whether it was built or not."""
    return _templates()[kind].name


def ensure(*kinds):
    """The names of the templates "demo" and "nodemo", built together when missing."""
    templates = [_templates()[kind] for kind in kinds]
    with ThreadPoolExecutor(len(templates)) as pool:
        futures = [pool.submit(template.ensure) for template in templates]
        try:
            return [future.result() for future in futures]
        except BaseException:
            odoo.stop_all()
            raise
