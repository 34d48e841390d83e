"""Loads Odoo and the code of all addons; processes forked from here start at once."""

import os
from contextlib import closing

import psycopg2
from oictools import templates
from oictools.memory import freeze_loaded_objects

from odoo.modules.module import load_openerp_module
from odoo.tools import config

INSTALLED = "SELECT name FROM ir_module_module WHERE state = 'installed' ORDER BY id"


def installed(name):
    with closing(psycopg2.connect(dbname=name)) as connection:
        with connection.cursor() as cursor:
            cursor.execute(INSTALLED)
            return [module for (module,) in cursor.fetchall()]


def load(name):
    config.parse_config(["-c", os.environ["ODOO_RC"]], setup_logging=False)
    for module in ("base", "web", "queue_job", *installed(name)):
        load_openerp_module(module)
    from odoo.addons import oiconnect_interop
    from odoo.addons.base.models import res_users

    # Odoo does not do it for an addon that another one has imported.
    oiconnect_interop.post_load()

    # Half a second of processor for each log-in, which no test here is about
    res_users.MIN_ROUNDS = 1
    freeze_loaded_objects()


load(templates.awaited("nodemo"))
