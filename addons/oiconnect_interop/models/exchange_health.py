from odoo import api, fields, models

WAITING = ("in_received", "in_processing", "out_ready")


class Exchange(models.Model):
    _inherit = "oiconnect.exchange"

    @api.model
    def _health(self):
        """Return counts that tell whether files, jobs and crons go on.

        A file without connection waits for a person, not for us.
        """
        domain = [("state", "in", WAITING), ("endpoint_id.active", "=", True)]
        [(count, oldest)] = self._read_group(
            domain, aggregates=["__count", "write_date:min"]
        )
        age = oldest and (fields.Datetime.now() - oldest).total_seconds() / 60
        return {
            "database": True,
            "files": {
                "waiting": count,
                "oldest_minutes": round(age, 1) if oldest else None,
            },
            "jobs": self._count_jobs(),
            "failing_connections": self.env["oiconnect.endpoint"].search_count(
                [("failure_count", ">", 0)]
            ),
            "last_cron": self._last_cron(),
        }

    def _count_jobs(self):
        states = ("pending", "enqueued", "started", "failed")
        groups = self.env["queue.job"]._read_group(
            [("state", "in", states)], ["state"], ["__count"]
        )
        return dict.fromkeys(states, 0) | dict(groups)

    def _last_cron(self):
        crons = self.env["ir.cron"].search([("lastcall", "!=", False)])
        last = max(crons.mapped("lastcall"), default=None)
        return fields.Datetime.to_string(last) if last else None
