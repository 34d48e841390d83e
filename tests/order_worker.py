"""A worker of its own process, for tests that need several or kill one.

``order_worker.py DATABASE ACTION ID``: says ``ready``, waits for a line, then acts.
"""

import sys
import time

from odoo_process import environment, registry


def process(base, exchange_id):
    """Do the steps of a file, as the jobs do: each in its own transaction."""
    from psycopg2 import OperationalError

    from odoo.addons.oiconnect_interop.models import exchange_process
    from odoo.addons.queue_job.exception import RetryableJobError

    # Many steps for a small file
    exchange_process.BATCH = 3
    settled = False
    for _try in range(400):
        try:
            with environment(base, oiconnect_road="job") as env:
                exchange = env["oiconnect.exchange"].browse(exchange_id)
                exchange._process()
                settled = exchange._is_settled()
        except (RetryableJobError, OperationalError):
            time.sleep(0.02)
        if settled:
            return


def study(base, order_id):
    from odoo.service.model import retrying

    with environment(base, oiconnect_road="job") as env:
        orders = env["oiconnect.access.order"].browse(order_id)
        retrying(orders._study, env)


def study_and_hang(base, order_id):
    """Study, and be killed between the report and its commit."""
    with environment(base, oiconnect_road="job") as env:
        env["oiconnect.access.order"].browse(order_id)._study()
        env.flush_all()
        print("built", flush=True)
        time.sleep(60)


ACTIONS = {"process": process, "study": study, "study_and_hang": study_and_hang}


def main(database, action, record_id):
    with registry(database) as base:
        print("ready", flush=True)
        sys.stdin.readline()
        ACTIONS[action](base, int(record_id))
    print("done", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
