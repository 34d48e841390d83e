"""Processes of Odoo's that start at once: forked from one that has loaded all code."""

import multiprocessing
import os
import sys
from functools import cache
from multiprocessing import forkserver
from pathlib import Path

from oictools import settings


@cache
def _forks():
    """The process that is forked starts with the first call, and ends with ours."""
    here = str(Path(__file__).parent)
    os.environ["PYTHONPATH"] = os.pathsep.join([here, os.environ["PYTHONPATH"]])
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["odoo_code"])
    return context


def prepare():
    """Load the code now, while PG* lead to the template database."""
    _forks()
    forkserver.ensure_running()


def start(function, *arguments):
    """Call a function of a module in a new process, and return that."""
    process = _forks().Process(target=function, args=arguments, daemon=True)
    process.start()
    return process


def serve(arguments, environment, log):
    """What ``odoo <arguments>`` does; its output goes to the end of ``log``."""
    os.setsid()
    with open(log, "ab") as output:
        os.dup2(output.fileno(), 1)
        os.dup2(output.fileno(), 2)
    os.environ.update(environment)
    from odoo.addons.queue_job import jobrunner

    # A time for other processes to start in
    jobrunner.START_DELAY = 0
    import odoo.cli

    sys.argv = [settings.ODOO_BIN, *arguments]
    odoo.cli.main()
