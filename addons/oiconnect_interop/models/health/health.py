import os
import shutil

from odoo import api, fields, models
from odoo.tools import SQL, config
from odoo.tools.translate import LazyTranslate

from odoo.addons.oiconnect_base import replica

_lt = LazyTranslate(__name__)

ACCOUNTS = ("oiconnect.endpoint", "oiconnect.import.source")
# Models of files that were claimed, each by its token
CLAIMING = ("oiconnect.exchange", "oiconnect.import")
# What is past its limit is an alert. Each is a system parameter, shown in the settings.
PARAMETER = "oiconnect_interop.health_{}"
LIMITS = {
    "account_minutes": 10,
    "files_minutes": 15,
    "messages_minutes": 15,
    "runner_minutes": 10,
    "jobs_minutes": 30,
    "failed_jobs": 0,
    "actions_minutes": 30,
    "disk_percent": 95,
    "replica_minutes": 5,
}
CHECKS = (
    "accounts",
    "claimed_files",
    "received_files",
    "files_to_send",
    "messages",
    "runner",
    "jobs",
    "failed_jobs",
    "scheduled_actions",
    "months",
    "deactivated_views",
    "weak_passwords",
    "open_registration",
    "disk",
    "replica",
)
# What is wrong with the replica of the database, and what to do
REPLICA_ADVICE = {
    "dead": _lt(
        "The replica of the database does not answer: all is read from the primary, "
        "which has more to do. Start the replica again, or make it again."
    ),
    "primary": _lt(
        "The replica of the database follows the primary no more: all is read from the "
        "primary. Make the replica again."
    ),
    "late": _lt(
        "The replica of the database is late: all is read from the primary, which has "
        "more to do. See what keeps the replica: its disk, the network, a long query."
    ),
}
HEARTBEAT = "root.oiconnect_heartbeat"
# A publication may well wait for an hour behind another: it has its own tasks.
PROMPT_CHANNELS = [
    HEARTBEAT,
    "root.oiconnect_poll",
    "root.oiconnect_process",
    "root.oiconnect_send",
]


class Health(models.AbstractModel):
    """Health checks for supervision; read only."""

    _name = "oiconnect.health"
    _description = "Health of the server"

    @api.model
    def _health(self):
        """Return ``{check: {status, value, limit, unit, …}}``: no data of the trade."""
        checks = {"database": {"status": "ok"}}
        for name in self._checks():
            checks[name] = getattr(self, f"_check_{name}")()
        return checks

    @api.model
    def _checks(self):
        """Hook: return the names of the checks, each the method ``_check_<name>``."""
        return CHECKS

    @api.model
    def _prompt_channels(self):
        """Hook: return the channels whose jobs wait for minutes at the most."""
        return PROMPT_CHANNELS

    # ------------------------------------------------------------------
    # Limits
    # ------------------------------------------------------------------

    @api.model
    def _limits(self):
        """Hook: return ``{name: limit unless another is set}``."""
        return LIMITS

    def _limit(self, name):
        """Return the limit that is set; what is no number is as if it were not."""
        text = self.env["ir.config_parameter"].sudo().get_param(PARAMETER.format(name))
        return int(text) if text and text.isdecimal() else self._limits()[name]

    def _result(self, value, limit, unit, **more):
        late = value is not None and value > limit
        status = "alert" if late else "ok"
        return {"status": status, "value": value, "limit": limit, "unit": unit} | more

    def _each(self, name, results):
        """Return the check of several things, each with a limit of its own."""
        late = sum(result["status"] == "alert" for result in results)
        return self._result(late, 0, name, **{name: results})

    def _minutes_since(self, moment):
        if not moment:
            return None
        return round((fields.Datetime.now() - moment).total_seconds() / 60, 1)

    # ------------------------------------------------------------------
    # Accounts, files, messages
    # ------------------------------------------------------------------

    def _check_accounts(self):
        """Only a look that worked counts: an account that fails is late."""
        margin = self._limit("account_minutes")
        looks = [
            self._result(
                self._minutes_since(account.last_poll_date or account.create_date),
                round(account.poll_seconds / 60 + margin, 1),
                "minutes",
                account=self._account_key(account),
            )
            for account in self._accounts()
        ]
        return self._each("accounts", looks)

    def _accounts(self):
        """Yield the accounts in use, read as far as this needs."""
        names = {
            "poll_seconds",
            "last_poll_date",
            "create_date",
            "failure_count",
            "operator_id",
        }
        for model in ACCOUNTS:
            accounts = self.env[model]
            yield from accounts.search_fetch(
                [("active", "=", True)], names.intersection(accounts._fields)
            )

    def _account_key(self, account):
        return f"{account._name.removeprefix('oiconnect.')}-{account.id}"

    def _check_claimed_files(self):
        """Value: since when the oldest file waits that was claimed and is not stored.

        It left the operator's folder, as far as the operator sees, and is nowhere.
        """
        for model in (*CLAIMING, "oiconnect.claim"):
            self.env[model].flush_model()
        stored = SQL(" UNION ALL ").join(
            SQL(
                "SELECT claim_token FROM %s WHERE claim_token = claim.token",
                SQL.identifier(self.env[model]._table),
            )
            for model in CLAIMING
        )
        [(count, oldest)] = self.env.execute_query(
            SQL(
                """SELECT count(*), min(claim.date) FROM oiconnect_claim claim
                    WHERE claim.put_path IS NULL AND NOT EXISTS (%s)""",
                stored,
            )
        )
        age = self._minutes_since(oldest)
        limit = self._limit("files_minutes")
        return self._result(age, limit, "minutes", waiting=count)

    def _check_received_files(self):
        return self._check_files(("in_received", "in_processing"))

    def _check_files_to_send(self):
        return self._check_files(("out_ready",))

    def _check_files(self, states):
        domain = [
            ("state", "in", states),
            # A file without connection waits for a person, not for us.
            ("endpoint_id.active", "=", True),
            ("publication_id", "=", False),
        ]
        return self._check_age("oiconnect.exchange", domain, "files_minutes")

    def _check_messages(self):
        domain = [("state", "=", "pending"), ("channel", "=", "file")]
        return self._check_age("oiconnect.event", domain, "messages_minutes")

    def _check_age(self, model, domain, limit):
        """Check the age by creation date: a file that fails is written each time."""
        [(count, oldest)] = self.env[model]._read_group(
            domain, aggregates=["__count", "create_date:min"]
        )
        age = self._minutes_since(oldest)
        return self._result(age, self._limit(limit), "minutes", waiting=count)

    # ------------------------------------------------------------------
    # Jobs
    # ------------------------------------------------------------------

    @api.model
    def _cron_heartbeat(self):
        """Plan the heartbeat job, which proves that the job runner works."""
        self.with_delay(
            identity_key="oiconnect-heartbeat",
            priority=0,
            channel=HEARTBEAT,
            description=self.env._("Tell that jobs go on"),
            max_retries=0,
        )._beat()

    def _beat(self):
        """Heartbeat job: its date in the queue proves that the runner works."""

    def _check_runner(self):
        [(done, planned)] = self.env.execute_query(
            SQL(
                """
                SELECT max(date_done), min(date_created) FROM queue_job
                 WHERE channel = %s
                """,
                HEARTBEAT,
            )
        )
        age = self._minutes_since(done or planned)
        return self._result(age, self._limit("runner_minutes"), "minutes")

    def _check_jobs(self):
        """Value: since when the job that waits longest could have been done."""
        self.env["queue.job"].flush_model()
        [(count, oldest)] = self.env.execute_query(
            SQL(
                """
                SELECT count(*), min(COALESCE(eta, date_created)) FROM queue_job
                 WHERE state = 'pending' AND channel = ANY(%s)
                   AND (eta IS NULL OR eta <= %s)
                """,
                self._prompt_channels(),
                fields.Datetime.now(),
            )
        )
        age = self._minutes_since(oldest)
        return self._result(age, self._limit("jobs_minutes"), "minutes", waiting=count)

    def _check_failed_jobs(self):
        count = self.env["queue.job"].search_count([("state", "=", "failed")])
        return self._result(count, self._limit("failed_jobs"), "jobs")

    # ------------------------------------------------------------------
    # The server
    # ------------------------------------------------------------------

    def _check_scheduled_actions(self):
        limit = self._limit("actions_minutes")
        results = [self._action_result(limit, *action) for action in self._actions()]
        return self._each("scheduled_actions", results)

    def _check_months(self):
        """Value: months of large tables that should be prepared, or gone, by now."""
        late = sorted(
            name
            for model in self.env["oiconnect.partitioned"]._partitioned_models()
            for name in model._late_months()
        )
        return self._result(len(late), 0, "months", tables=late)

    def _check_deactivated_views(self):
        """Value: administrators' views that an upgrade deactivated.

        A warning, no alert: everything else goes on, and it takes a person.
        """
        views = self.env["ir.ui.view"].with_context(active_test=False)
        deactivated = views.search_fetch([("upgrade_error", "!=", False)], ["model"])
        result = self._result(
            len(deactivated),
            0,
            "views",
            views=[{"id": view.id, "model": view.model} for view in deactivated],
        )
        return result | {"status": "warning" if deactivated else "ok"}

    def _check_weak_passwords(self):
        """Value: people whose password, at their last log-in, was a weak one.

        A warning: they see it at each log-in, and an administrator may ask them.
        """
        weak = self.env["res.users"].search_count([("has_weak_password", "=", True)])
        result = self._result(weak, 0, "people")
        return result | {"status": "warning" if weak else "ok"}

    def _check_open_registration(self):
        """Value: whether anybody may open an account, which the settings allow."""
        users = self.env["res.users"]
        is_open = (
            hasattr(users, "_get_signup_invitation_scope")
            and users._get_signup_invitation_scope() == "b2c"
        )
        return self._result(int(is_open), 0, "settings")

    def _actions(self):
        """Return ``(name, last run, next run, failing since, interval)`` of ours."""
        self.env["ir.cron"].flush_model()
        return self.env.execute_query(
            SQL(
                """
                SELECT data.module || '.' || data.name, cron.lastcall, cron.nextcall,
                       cron.first_failure_date,
                       cron.interval_number || ' ' || cron.interval_type
                  FROM ir_cron cron
                  JOIN ir_model_data data
                    ON data.model = 'ir.cron' AND data.res_id = cron.id
                 WHERE cron.active AND data.module LIKE %s
                 ORDER BY 1
                """,
                r"oiconnect\_%",
            )
        )

    def _action_result(self, limit, name, last, due, failing_since, interval):
        """Value: for how long the action should have run, or fails."""
        since = min(filter(None, (due, failing_since)))
        return self._result(
            max(0, self._minutes_since(since)),
            limit,
            "minutes",
            action=name,
            last_run=fields.Datetime.to_string(last) or None,
            interval=interval,
        )

    def _check_disk(self):
        """Value: how full the disk of the files is."""
        folder = config.filestore(self.env.cr.dbname)
        usage = shutil.disk_usage(folder if os.path.isdir(folder) else os.sep)
        used = round(100 * (usage.total - usage.free) / usage.total, 1)
        return self._result(used, self._limit("disk_percent"), "percent")

    def _check_replica(self):
        """Value: how late the replica is. One that reads have left says what to do."""
        limit = self._limit("replica_minutes")
        if not replica.has_replica():
            return self._result(None, limit, "minutes")
        state, minutes = replica.standing(self.env.registry)
        result = self._result(minutes and round(minutes, 1), limit, "minutes")
        if state == "good" and result["status"] == "alert":
            state = "late"
        if state != "good":
            result |= {"status": "alert", "state": state, "advice": self._advice(state)}
        return result

    def _advice(self, state):
        """Return what to do, in the language of the company: machines have none."""
        company = self.env["res.company"].search([], order="id", limit=1)
        return self.with_context(lang=company.partner_id.lang).env._(
            REPLICA_ADVICE[state]
        )
