"""The worker of scheduled actions, beside the one of jobs: it studies what is waiting.

`python -m tests.bench.order_study` reads numbers of orders, a line each: it runs the
scheduled action, as the real worker does, until so many are answered; then says "done".
"""

import sys
import time

from .common import environment

# Odoo's own worker is notified at each commit; we look, often enough not to be seen.
LOOK = 0.02


def main():
    with environment() as env:
        for line in sys.stdin:
            while answered(env) < int(line):
                env["oiconnect.access.order"]._cron_study()
                env.cr.commit()
                time.sleep(LOOK)
            sys.stdout.write("done\n")
            sys.stdout.flush()


def answered(env):
    env.cr.execute(
        "SELECT count(*) FROM oiconnect_access_order WHERE state = 'connecting'"
    )
    return env.cr.fetchone()[0]


if __name__ == "__main__":
    main()
