"""Odoo inside the test's own process, for tests that need several transactions."""

import os
from contextlib import contextmanager
from functools import cache

import odoo
import odoo.tools.config as odoo_config  # noqa: F401


@cache
def _configure():
    odoo.tools.config.parse_config(
        ["-c", os.environ["ODOO_RC"], "--log-level=critical"]
    )


@contextmanager
def registry(name):
    """The registry of a database; its connections are closed at the end."""
    _configure()
    from odoo.modules.registry import Registry
    from odoo.sql_db import close_db

    try:
        yield Registry(name)
    finally:
        Registry.delete(name)
        close_db(name)


@contextmanager
def environment(registry, **context):
    """A transaction of a superuser, committed at the end."""
    from odoo import SUPERUSER_ID, api

    with registry.cursor() as cr:
        yield api.Environment(cr, SUPERUSER_ID, context)
