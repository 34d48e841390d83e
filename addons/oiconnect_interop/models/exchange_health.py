from odoo import api, fields, models

ACCOUNTS = ("oiconnect.endpoint", "oiconnect.import.source")
WAITING = ("in_received", "in_processing", "out_ready")


class Exchange(models.Model):
    _inherit = "oiconnect.exchange"

    @api.model
    def _health(self):
        """Return counts that tell whether files, jobs and crons go on.

        A file without connection waits for a person, not for us; a publication may
        well take an hour, and has its own tasks when it is late.
        """
        domain = [
            ("state", "in", WAITING),
            ("endpoint_id.active", "=", True),
            ("publication_id", "=", False),
        ]
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
            "failing_connections": sum(
                self.env[model].search_count([("failure_count", ">", 0)])
                for model in ACCOUNTS
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
