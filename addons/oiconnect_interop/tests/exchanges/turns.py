"""Workers that run jobs one after the other, as the channels give them out."""

import heapq
import time

from odoo.addons.queue_job.job import Job
from odoo.addons.queue_job.jobrunner.channels import ChannelManager

COLUMNS = "channel, uuid, id, date_created, priority, extract(epoch from eta), state"


class Workers:
    """``number`` workers on one clock, with the real channels of the job queue.

    Jobs run in this process, one by one; each takes the time it took here, from the
    moment at which a worker was free. ``after(name)`` is called at each job's end.
    """

    def __init__(self, env, number, channel="root.oiconnect_process", cost=None):
        self.env = env
        self.now = 0.0
        self._channel = channel
        self._cost = cost or time.perf_counter
        self._channels = ChannelManager()
        self._channels.simple_configure(f"root:{number}")
        self._running = []
        self._seen = 0

    def run(self, until=None):
        """Run all jobs; yield the record of each at its end."""
        while until is None or self.now < until:
            self._hear()
            for job in list(self._channels.get_jobs_to_run(time.time())):
                self._start(job)
            if not self._running:
                return
            self.now, _rank, job = heapq.heappop(self._running)
            yield self._end(job)

    def _hear(self):
        """Tell the channels of the jobs that were planned since."""
        self.env.flush_all()
        self.env.cr.execute(
            f"SELECT {COLUMNS} FROM queue_job"
            " WHERE id > %s AND channel = %s AND state = 'pending' ORDER BY id",
            [self._seen, self._channel],
        )
        for row in self.env.cr.fetchall():
            self._seen = max(self._seen, row[2])
            self._notify(*row)

    def _notify(self, channel, uuid, seq, created, priority, eta, state):
        self._channels.notify(
            self.env.cr.dbname,
            channel,
            uuid,
            seq,
            created.timestamp(),
            priority,
            eta,
            state,
        )

    def _start(self, queued):
        job = Job.load(self.env, queued.uuid)
        job.set_started()
        job.store()
        start = self._cost()
        job.perform()
        self.env.flush_all()
        took = self._cost() - start
        heapq.heappush(self._running, (self.now + took, job.db_record().id, job))

    def _end(self, job):
        job.set_done()
        job.store()
        row = job.db_record()
        self._notify(
            self._channel, job.uuid, row.id, row.date_created, row.priority, 0, "done"
        )
        return job.recordset
