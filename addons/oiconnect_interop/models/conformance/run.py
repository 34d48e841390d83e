from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import LockError, ValidationError
from odoo.fields import Domain
from odoo.tools.translate import LazyTranslate

from odoo.addons.oiconnect_base.exceptions import BusyError, RefusedError

from .case import CHANNELS

_lt = LazyTranslate(__name__)

STATES = [
    ("running", "In progress"),
    ("passed", "Conformant"),
    ("failed", "Not conformant"),
    ("abandoned", "Abandoned"),
]
#: days after which a run is abandoned
LONGEST = 30


class ConformanceRun(models.Model):
    """An operator shows on a sandbox network that its system speaks the protocol.

    Each step has a reference that the operator gives to what it sends: by it, what came
    by each channel is found again, late, twice or out of order.
    """

    _name = "oiconnect.conformance.run"
    _description = "Run of conformance"
    _created_text = _lt("Run of conformance created")
    _inherit = ["oiconnect.network.mixin", "oiconnect.chatter"]
    _order = "id desc"
    _on_sandboxes_only = True
    _creation_fields = ("network_id", "operator_id", "scope")
    _event_fields = ("state", "end_date", "report", "certificate_id")

    name = fields.Char("Run", compute="_compute_name")
    network_id = fields.Many2one(
        domain=[("is_sandbox", "=", True)],
        default=lambda self: self._only_sandbox(),
    )
    operator_id = fields.Many2one(
        "oiconnect.operator", required=True, index=True, ondelete="restrict"
    )
    scope = fields.Selection(
        [("all", "Everything"), *CHANNELS],
        "What is tried",
        required=True,
        default="all",
    )
    state = fields.Selection(
        STATES, required=True, readonly=True, default="running", tracking=True
    )
    end_date = fields.Datetime("Ended on", readonly=True, copy=False)
    step_ids = fields.One2many(
        "oiconnect.conformance.step", "run_id", "Steps", readonly=True
    )
    passed_count = fields.Integer("Steps passed", compute="_compute_counts")
    step_count = fields.Integer("Steps in all", compute="_compute_counts")
    report = fields.Binary("Signed report", readonly=True, attachment=True, copy=False)
    report_name = fields.Char("Name of the report", compute="_compute_name")
    certificate_id = fields.Many2one(
        "oiconnect.signing.certificate",
        "Signed with",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )

    # The open run of an operator: operator_id = x and state = running
    _running_uniq = models.UniqueIndex(
        "(operator_id) WHERE state = 'running'",
        "A run of this operator is in progress: end it or abandon it first.",
    )

    @api.model
    def _only_sandbox(self):
        return self.env["oiconnect.network"].search(
            Domain("is_sandbox", "=", True)
            & Domain("company_id", "=", self.env.company.id),
            limit=1,
        )

    @api.constrains("network_id")
    def _check_network(self):
        for run in self:
            if not run.network_id.is_sandbox:
                raise ValidationError(
                    self.env._(
                        "%s is a real network: choose a sandbox network, which an "
                        "administrator creates in Configuration / Networks.",
                        run.network_id.name,
                    )
                )

    @api.depends("operator_id.interop_code")
    def _compute_name(self):
        for run in self:
            code = run.operator_id.interop_code or ""
            run.name = f"CF{run.id or ''} {code}".strip()
            run.report_name = f"conformite-{code}-CF{run.id}.pdf"

    @api.depends("step_ids.state")
    def _compute_counts(self):
        for run in self:
            run.step_count = len(run.step_ids)
            run.passed_count = run.step_ids.mapped("state").count("passed")

    @api.model_create_multi
    def create(self, vals_list):
        runs = super().create(vals_list)
        for run in runs.sudo():
            run._add_steps()
        return runs

    def _add_steps(self):
        cases = self.env["oiconnect.conformance.case"].with_context(
            lang=self.operator_id.lang or self.env.lang
        )
        wanted = Domain.TRUE
        if self.scope != "all":
            wanted = Domain("channel", "=", self.scope)
        names = cases._step_fields
        self.env["oiconnect.conformance.step"].create(
            [
                {name: case[name] for name in names} | {"run_id": self.id}
                for case in cases.search(wanted)
            ]
        )

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------

    def action_check(self):
        """Look at what the operator sent; as often as one likes."""
        self.check_access("write")
        self.sudo()._check()

    def action_end(self):
        """Look a last time, and write the signed report."""
        self.check_access("write")
        self.sudo()._end()

    def action_abandon(self):
        self.check_access("write")
        self.sudo()._abandon()

    # ------------------------------------------------------------------
    # What screens and the operator's space ask for, once they checked who asks
    # ------------------------------------------------------------------

    def _check(self):
        self._lock_running()
        self.step_ids._look()

    def _end(self):
        self._lock_running()
        self.step_ids._look()
        states = set(self.step_ids.mapped("state"))
        self._close("passed" if states == {"passed"} else "failed")
        self._write_report()

    def _abandon(self):
        self._lock_running()
        self._close("abandoned")

    def _close(self, state):
        self.write({"state": state, "end_date": fields.Datetime.now()})
        # The next run of the operator may start in this transaction.
        self.flush_recordset(["state"])

    def _lock_running(self):
        """Hold the run, which is open: of two at once, the second is refused.

        :raises BusyError: someone else is at it
        :raises RefusedError: it has ended
        """
        self.ensure_one()
        try:
            self.lock_for_update(allow_referencing=True)
        except LockError:
            raise BusyError(
                self.env._(
                    "%s is being changed by someone else: try again in a moment.",
                    self.name,
                )
            ) from None
        self.invalidate_recordset(["state"])
        if self.state != "running":
            raise RefusedError(
                self.env._("%s has ended: start a new run to try again.", self.name)
            )

    @api.autovacuum
    def _abandon_old(self):
        """Abandon the runs left open too long: an open run notes each call."""
        limit = fields.Datetime.now() - timedelta(days=LONGEST)
        old = self.search([("state", "=", "running"), ("create_date", "<", limit)])
        for run in old.try_lock_for_update(allow_referencing=True):
            run._close("abandoned")
