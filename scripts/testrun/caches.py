"""Caches of the database live on from test to test, as in production.

Odoo forgets all of it after each test: rights, defaults, templates and routes are then
worked out thousands of times. Here goes what the test itself had forgotten: a cache
that was cleared on the way holds again what it held before.
"""

import functools

from odoo.sql_db import Cursor
from odoo.tests.common import TransactionCase
from odoo.tools.lru import LRU

# How often each cache was cleared, by its identity; how often something was committed
_cleared = {}
_commits = 0
# The commits after which caches were known to be true
_known = 0


def install():
    _count_clears()
    _count_commits()
    _keep_between_classes()
    _keep_between_tests()


def _count_clears():
    clear = LRU.clear

    def counted(self):
        _cleared[id(self)] = _cleared.get(id(self), 0) + 1
        clear(self)

    LRU.clear = counted


def _count_commits():
    commit = Cursor.commit

    @functools.wraps(commit)
    def counted(self):
        global _commits
        _commits += 1
        return commit(self)

    Cursor.commit = counted


class _Moment:
    """The caches of a registry at the beginning of a test, or of a class of them."""

    def __init__(self, registry):
        self.registry = registry
        self.sequence = registry.registry_sequence
        self.commits = _commits
        self.before = self._content()
        self.restored = None

    def _content(self):
        """Return ``{name: (times cleared, {key: value})}``."""
        return {
            name: (_cleared.get(id(cache), 0), cache._values.copy())
            for name, cache in self.registry._Registry__caches.items()
        }

    def end(self):
        """Choose what to keep, before Odoo forgets all of it."""
        now = self._content()
        self.restored = {
            name: content if content[0] == self.before[name][0] else self.before[name]
            for name, content in now.items()
        }
        changed = self.sequence != self.registry.registry_sequence
        if changed or self.registry.registry_invalidated or self.commits != _commits:
            self.restored = None

    def restore(self):
        for name, (_times, values) in (self.restored or {}).items():
            cache = self.registry._Registry__caches[name]
            with cache._lock:
                cache._values.update(values)
                cache._ordering.update(dict.fromkeys(values))


def _keep_between_classes():
    set_up = TransactionCase.setUpClass.__func__

    @functools.wraps(set_up)
    def setUpClass(cls):
        from odoo.modules.registry import Registry
        from odoo.tests.common import get_db_name

        registry = Registry(get_db_name())
        if _known != _commits:
            registry.clear_all_caches()
            registry.cache_invalidated.clear()
        moment = _Moment(registry)
        cls.addClassCleanup(_close, moment)
        set_up(cls)
        cls.addClassCleanup(moment.end)

    TransactionCase.setUpClass = classmethod(setUpClass)


def _close(moment):
    global _known
    moment.restore()
    _known = _commits


def _keep_between_tests():
    set_up = TransactionCase.setUp

    @functools.wraps(set_up)
    def setUp(self):
        moment = _Moment(self.registry)
        self.addCleanup(moment.restore)
        set_up(self)
        self.addCleanup(moment.end)

    TransactionCase.setUp = setUp
