"""Orders of five operators while a web node, the job node and the replica are killed.

The same as tests/test_nodes.py, with more of them: files of some hundred lines by SFTP;
jobs and scheduled actions on one node, whose place another takes. At the end each order
has one answer of each kind, in order.
"""

import os
import sys
import tempfile
from pathlib import Path

from oictools import settings, templates

from odoo.sql_db import close_db

from .common import figure, timed

#: orders of each operator in each of the three waves
COUNTS = {"small": 60, "full": 667}


def run(size):
    sys.path.insert(0, str(settings.ROOT / "tests"))
    # As make test tells its own tests where the template is
    os.environ[templates.VARIABLE.format("nodemo")] = os.environ["OIC_BENCH_DB"]
    import nodes
    import test_nodes

    # It is copied, which an open connection would not allow.
    close_db(os.environ["OIC_BENCH_DB"])

    lines, waves = COUNTS[size], len(test_nodes.KILLS)
    orders = lines * waves * len(nodes.OPERATORS)
    with tempfile.TemporaryDirectory(prefix="oic-nodes-") as folder:
        with nodes.running(Path(folder), orders) as world:
            with timed() as clock:
                pages = test_nodes.survive(world, lines)
    figure(
        "nodes_orders_while_killed",
        orders / clock.seconds,
        "orders/s",
        orders=orders,
        operators=len(nodes.OPERATORS),
        killed=waves,
        seconds=round(clock.seconds, 1),
        lists_read=pages,
    )
