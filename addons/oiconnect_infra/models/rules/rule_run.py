import logging
import time

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.oiconnect_base.models.guarded import EVERY_FIELD

from ...rules import RECORD
from ...rules.queries import MODELS, Subject
from .rule_finding import STORED_TARGETS

_logger = logging.getLogger(__name__)

# Up to so many buildings a check is done while the user waits (a few seconds).
AT_ONCE = 200_000
RETENTION_DAYS = 400
_WAITING = ("pending", "running")


class OiconnectRuleRun(models.Model):
    """One check of all rules on all records of a network: when, by whom, what."""

    _name = "oiconnect.rule.run"
    _description = "Check of the quality rules"
    _inherit = "oiconnect.network.mixin"
    _order = "id desc"
    _rec_name = "end_date"
    _event_fields = EVERY_FIELD

    network_id = fields.Many2one(ondelete="cascade", readonly=True)
    state = fields.Selection(
        [
            ("pending", "Waiting"),
            ("running", "In progress"),
            ("done", "Done"),
            ("failed", "Failed"),
        ],
        required=True,
        default="pending",
        readonly=True,
    )
    user_id = fields.Many2one(
        "res.users",
        "Checked by",
        readonly=True,
        required=True,
        default=lambda self: self.env.uid,
        ondelete="restrict",
    )
    start_date = fields.Datetime(readonly=True)
    since = fields.Datetime(
        "Changes not seen since",
        readonly=True,
        help="What was written later may not have been checked",
    )
    end_date = fields.Datetime("Checked on", readonly=True)
    seconds = fields.Float("Duration (s)", digits=(8, 1), readonly=True)
    error = fields.Char(readonly=True)
    broken_count = fields.Integer("Findings", readonly=True)
    count_ids = fields.One2many("oiconnect.rule.count", "run_id", "Counts")

    # ------------------------------------------------------------------
    # Starting
    # ------------------------------------------------------------------

    @api.model
    @api.private
    def _start(self):
        """Check the networks that the user sees: at once, or in the background."""
        self.env["oiconnect.rule"].check_access("read")
        networks = self.env["oiconnect.network"].search(
            [("company_id", "in", self.env.companies.ids)]
        )
        runs = self.sudo()._prepare(networks)
        # One check of a network at a time
        buildings = self.env["oiconnect.building"].sudo()
        domain = [("network_id", "in", networks.ids)]
        is_small = buildings.search_count(domain, limit=AT_ONCE + 1) <= AT_ONCE
        if is_small and "running" not in runs.mapped("state"):
            runs._process()
            text = self.env._("The network was checked.")
        else:
            self.env.ref("oiconnect_infra.cron_rule_process").sudo()._trigger()
            text = self.env._(
                "The network is being checked: come back in a minute, the figures "
                "will be new."
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": text,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    @api.model
    @api.private
    def _ask(self, networks):
        """Have ``networks`` checked in the background: many of their objects changed.

        A check that runs already began before they did.
        """
        self.sudo()._prepare(networks, states=("pending",))
        self.env.ref("oiconnect_infra.cron_rule_process").sudo()._trigger()

    @api.model
    def _prepare(self, networks, states=_WAITING):
        """Return a run of each of ``networks`` in ``states``, new if there is none."""
        waiting = self.search(
            [("state", "in", states), ("network_id", "in", networks.ids)]
        )
        return waiting | self.create(
            [
                {"network_id": network.id, "user_id": self.env.uid}
                for network in networks - waiting.network_id
            ]
        )

    @api.model
    def _cron_nightly(self):
        """Check every network, and forget what is very old."""
        self._prepare(self.env["oiconnect.network"].search([("active", "=", True)]))
        limit = fields.Datetime.subtract(fields.Datetime.now(), days=RETENTION_DAYS)
        self.search([("end_date", "<", limit)]).unlink()
        self._cron_process()

    @api.model
    def _cron_process(self):
        """Do the checks that wait, each in its own transaction."""
        for run in self.search([("state", "in", _WAITING)], order="id"):
            if not run._step():
                break

    def _step(self):
        """Do one check and commit it; return whether there is time for another."""
        self.state = "running"
        self.env["ir.cron"]._commit_progress(0)
        try:
            with self.env.cr.savepoint():
                self._process()
        except Exception as error:
            _logger.exception("Check %s of the quality rules broke off", self.id)
            # The figures stay those of the check before.
            reason = str(error).strip().split("\n")[0]
            text = self.env._("The check broke off: %s", reason)
            self.write({"state": "failed", "error": text})
        return bool(self.env["ir.cron"]._commit_progress(1))

    # ------------------------------------------------------------------
    # Checking
    # ------------------------------------------------------------------

    def _process(self):
        """Count, for each rule, the records that break it."""
        self.env.flush_all()
        for run in self:
            start = time.monotonic()
            run.write({"start_date": fields.Datetime.now(), "since": run._seen_until()})
            run._keep(run._counted())
            run.write(
                {
                    "state": "done",
                    "end_date": fields.Datetime.now(),
                    "seconds": time.monotonic() - start,
                }
            )

    @api.model
    def _seen_until(self):
        """Return the time from which changes may be missing in this transaction.

        Records bear the time when the transaction began that wrote them: what one that
        is still open writes is seen later.
        """
        [[moment]] = self.env.execute_query(
            SQL(
                """SELECT least(now(), min(xact_start)) AT TIME ZONE 'UTC'
                     FROM pg_stat_activity
                    WHERE datname = current_database()"""
            )
        )
        return moment.replace(microsecond=0)

    def _counted(self):
        """Return ``{(code, target): (broken, checked)}`` of the active rules."""
        self.ensure_one()
        active_rules = self.env["oiconnect.rule"]._active_rules
        broken = self.env["oiconnect.rule.finding"]._store(self.network_id)
        counted = {}
        for target in MODELS:
            rules = active_rules(self.network_id.id, RECORD, target)
            if target in STORED_TARGETS:
                counted |= self._count_findings(target, rules, broken)
            else:
                counted |= self._count_target(target, rules)
        return counted

    def _count_findings(self, target, rules, broken):
        """Count what was stored: ``{id of a rule: number}``."""
        settings = self.env["oiconnect.rule"]._settings(self.network_id.id)
        checked = self._checked(Subject(self.env, target))
        return {
            rule.id: (broken.get(settings[rule.id][0], 0), checked) for rule in rules
        }

    def _count_target(self, target, rules):
        """Count by queries: ``{id of a rule: number}``."""
        subject = Subject(self.env, target)
        checked = self._checked(subject)
        numbers = subject.numbers(rules, self.network_id.id)
        return {rule.id: (number, checked) for rule, number in numbers.items()}

    def _checked(self, subject):
        """Return how many objects there are."""
        [[checked]] = self.env.execute_query(subject.counts((), self.network_id.id))
        return checked

    def _keep(self, counted):
        """Store the counts in the history and on the rules."""
        settings = self.env["oiconnect.rule"]._settings(self.network_id.id)
        counts = self.env["oiconnect.rule.count"].create(
            [
                {
                    "run_id": self.id,
                    "rule_id": settings[key][0],
                    "company_id": self.company_id.id,
                    "broken_count": broken,
                    "checked_count": checked,
                }
                for key, (broken, checked) in counted.items()
            ]
        )
        self.broken_count = sum(counts.mapped("broken_count"))
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """UPDATE oiconnect_rule r
                      SET previous_count = CASE WHEN r.run_id IS NULL
                              THEN COALESCE(c.broken_count, 0)
                              ELSE r.broken_count END,
                          broken_count = COALESCE(c.broken_count, 0),
                          checked_count = COALESCE(c.checked_count, 0),
                          run_id = CASE WHEN c.id IS NOT NULL THEN %(run)s END
                     FROM oiconnect_rule o
                     LEFT JOIN oiconnect_rule_count c
                            ON c.rule_id = o.id AND c.run_id = %(run)s
                    WHERE o.id = r.id AND r.network_id = %(network)s""",
                run=self.id,
                network=self.network_id.id,
            )
        )
        self.env["oiconnect.rule"].invalidate_model()


class OiconnectRuleCount(models.Model):
    """Count of the records that broke a rule, at one check."""

    _name = "oiconnect.rule.count"
    _description = "Count of a quality rule"
    _order = "id desc"
    _log_access = False
    _event_fields = EVERY_FIELD

    run_id = fields.Many2one(
        "oiconnect.rule.run", required=True, readonly=True, ondelete="cascade"
    )
    rule_id = fields.Many2one(
        "oiconnect.rule", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one("res.company", readonly=True)
    date = fields.Datetime(related="run_id.end_date")
    broken_count = fields.Integer("Records", readonly=True)
    checked_count = fields.Integer("Records checked", readonly=True, aggregator=None)

    # Counts of a run: run_id = x
    _run_idx = models.Index("(run_id)")
