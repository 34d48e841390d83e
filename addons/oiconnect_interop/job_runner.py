"""The runner of jobs asks this very server, by HTTP, to run each."""

import requests

from odoo.addons.oiconnect_base.outgoing import way_out
from odoo.addons.queue_job.jobrunner import runner

#: seconds that the runner waits for an answer that it does not need
SECONDS = 5


class _Requests:
    """What the runner uses of `requests`, with a way out."""

    Timeout = requests.Timeout

    @staticmethod
    def get(url, **options):
        with way_out("runner of jobs", SECONDS, is_logged=False):
            timeout = options.pop("timeout", SECONDS)
            return requests.get(url, timeout=timeout, **options)


def let_out():
    runner.requests = _Requests
