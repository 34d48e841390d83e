"""A worker of its own process, for tests that need several or kill one."""

import time

from odoo_process import environment


def process(base, exchange_id, tell):
    """Do the steps of a file, as the jobs do: each in its own transaction."""
    from psycopg2 import OperationalError

    from odoo.addons.oiconnect_interop.models.exchanges import exchange_process
    from odoo.addons.queue_job.exception import RetryableJobError

    # Many steps for a small file
    exchange_process.BATCH = 3
    settled = False
    for _try in range(400):
        try:
            with environment(base) as env:
                exchange = env["oiconnect.exchange"].browse(exchange_id)
                exchange._process()
                settled = exchange._is_settled()
        except (RetryableJobError, OperationalError):
            time.sleep(0.02)
        if settled:
            return


def study(base, order_id, tell):
    from odoo.service.model import retrying

    with environment(base) as env:
        orders = env["oiconnect.access.order"].browse(order_id)
        retrying(orders._study, env)


def study_and_hang(base, order_id, tell):
    """Study, and be killed between the report and its commit."""
    with environment(base) as env:
        env["oiconnect.access.order"].browse(order_id)._study()
        env.flush_all()
        tell("built")
        time.sleep(60)


ACTIONS = {"process": process, "study": study, "study_and_hang": study_and_hang}


def work(base, connection, action, record_id):
    """Say that it is ready, wait for the word to begin, act and say that it is done."""
    connection.send("ready")
    connection.recv()
    ACTIONS[action](base, record_id, connection.send)
    connection.send("done")
