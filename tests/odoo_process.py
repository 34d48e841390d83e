"""Odoo inside the test's own process, for tests that need several transactions."""

import multiprocessing
import os
import signal
from contextlib import contextmanager
from functools import cache

from oictools.memory import freeze_loaded_objects

import odoo
import odoo.tools.config as odoo_config  # noqa: F401

LIMIT = 300


@cache
def _configure():
    odoo.tools.config.parse_config(
        ["-c", os.environ["ODOO_RC"], "--log-level=critical"]
    )


@contextmanager
def registry(name):
    """The registry of a database; its connections are closed at the end.

    It is reused for the next copy of that name, which has the same addons: only what it
    remembers of records is forgotten.
    """
    _configure()
    from odoo.modules.registry import Registry
    from odoo.sql_db import close_db

    is_new = name not in Registry.registries
    found = Registry(name)
    if is_new:
        freeze_loaded_objects()
    found.clear_all_caches()
    found.cache_invalidated.clear()
    found.setup_signaling()
    try:
        yield found
    finally:
        close_db(name)


def beside(found, function, *arguments):
    """Call a function in a fork of this process, and return that.

    The fork has the registry, and connections of its own.
    """
    from odoo.sql_db import close_db

    close_db(found.db_name)
    process = multiprocessing.get_context("fork").Process(
        target=function, args=(found, *arguments), daemon=True
    )
    process.start()
    return process


def killed(found, function, *arguments):
    """Call a function in a fork of this process, which dies of it."""
    process = beside(found, function, *arguments)
    process.join(LIMIT)
    assert process.exitcode == -signal.SIGKILL, process.exitcode


@contextmanager
def environment(registry, **context):
    """A transaction of a superuser, committed at the end."""
    from odoo import SUPERUSER_ID, api

    with registry.cursor() as cr:
        yield api.Environment(cr, SUPERUSER_ID, context)


@contextmanager
def parameter(registry, key, value):
    """Another value of a parameter, for the time of a block."""
    with environment(registry) as env:
        before = env["ir.config_parameter"].get_param(key)
        env["ir.config_parameter"].set_param(key, value)
    try:
        yield
    finally:
        with environment(registry) as env:
            env["ir.config_parameter"].set_param(key, before)
