from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools.translate import LazyTranslate

from odoo.addons.oiconnect_base.models.guarded import EVERY_FIELD
from odoo.addons.oiconnect_base.time_zone import local_today
from odoo.addons.oiconnect_base.workflow import Transition, Workflow

from ..periods import first_day, previous_month

_lt = LazyTranslate(__name__)

STATES = [
    ("draft", "Draft"),
    ("running", "Running"),
    ("done", "Done"),
    ("failed", "Done with errors"),
    ("cancelled", "Cancelled"),
]
COMPUTABLE = ("draft", "done", "failed")

BILLING_RUN_WORKFLOW = Workflow(
    [
        Transition("start", COMPUTABLE, "running"),
        Transition("finish", ("running",), "failed", guard="_with_errors"),
        Transition("finish", ("running",), "done"),
        Transition("cancel", COMPUTABLE, "cancelled", effect="_on_cancel"),
    ],
    initial="draft",
    irreversible=("cancel",),
)


class BillingRun(models.Model):
    """Invoices of all operators of a network for one month."""

    _name = "oiconnect.billing.run"
    _description = "Billing run"
    _created_text = _lt("Billing run created")
    _inherit = ["oiconnect.network.mixin", "oiconnect.workflow", "oiconnect.chatter"]
    _order = "month desc, id desc"
    _event_fields = EVERY_FIELD
    _free_fields = ("month", "network_id")

    _workflow = BILLING_RUN_WORKFLOW
    # No run is about an end customer.
    _free_text_groups = "oiconnect_base.group_billing_read"

    name = fields.Char(compute="_compute_name", store=True)
    month = fields.Date(
        required=True,
        tracking=True,
        default=lambda self: previous_month(local_today()),
        help="Month whose accesses are billed",
    )
    state = fields.Selection(
        STATES, default="draft", required=True, readonly=True, tracking=True
    )
    row_ids = fields.One2many(
        "oiconnect.billing.run.operator", "run_id", "Operators", readonly=True
    )
    product_ids = fields.Many2many(
        "oiconnect.billing.product",
        "oiconnect_billing_run_product_rel",
        "run_id",
        "product_id",
        "Products looked at",
        readonly=True,
        copy=False,
    )
    item_ids = fields.One2many("oiconnect.billing.item", "run_id", "Lines")
    move_ids = fields.One2many("account.move", "oiconnect_run_id", "Invoices")
    currency_id = fields.Many2one(related="company_id.currency_id")
    invoice_count = fields.Integer("Invoice count", compute="_compute_invoice_count")
    line_count = fields.Integer("Billed accesses", compute="_compute_totals")
    amount = fields.Monetary("Total excl. tax", compute="_compute_totals")
    error_count = fields.Integer("Errors", compute="_compute_progress")
    progress = fields.Float(compute="_compute_progress")
    earlier_run_id = fields.Many2one(
        "oiconnect.billing.run", "Run of the same month", compute="_compute_earlier_run"
    )

    # The list, newest month first; the other runs of a month.
    _month_idx = models.Index("(month, network_id)")

    @api.constrains("month")
    def _check_month(self):
        this_month = first_day(local_today())
        for run in self:
            if first_day(run.month) > this_month:
                raise ValidationError(
                    self.env._(
                        "The month %s has not begun: choose an earlier one.",
                        run.month.strftime("%Y-%m"),
                    )
                )

    @api.constrains("network_id")
    def _check_network(self):
        for run in self:
            if run.network_id.is_sandbox:
                raise ValidationError(
                    self.env._(
                        "%s is a sandbox network, which is never invoiced: choose a "
                        "real one.",
                        run.network_id.name,
                    )
                )

    @api.depends("month", "network_id.name")
    def _compute_name(self):
        for run in self:
            run.name = f"{run.month:%Y-%m} {run.network_id.name}" if run.month else ""

    @api.depends("move_ids.state")
    def _compute_invoice_count(self):
        counts = dict(
            self.env["account.move"]._read_group(
                [("oiconnect_run_id", "in", self.ids), ("state", "!=", "cancel")],
                ["oiconnect_run_id"],
                ["__count"],
            )
        )
        for run in self:
            run.invoice_count = counts.get(run, 0)

    @api.depends("item_ids.amount", "item_ids.line_count")
    def _compute_totals(self):
        totals = {
            run: values
            for run, *values in self.env["oiconnect.billing.item"]._read_group(
                [("run_id", "in", self.ids)],
                ["run_id"],
                ["line_count:sum", "amount:sum"],
            )
        }
        for run in self:
            run.line_count, run.amount = totals.get(run, (0, 0.0))

    @api.depends("row_ids.state")
    def _compute_progress(self):
        for run in self:
            states = run.row_ids.mapped("state")
            run.error_count = states.count("error")
            waiting = states.count("pending")
            run.progress = 100 * (1 - waiting / len(states)) if states else 0.0

    @api.depends("month", "network_id")
    def _compute_earlier_run(self):
        for run in self:
            run.earlier_run_id = self.search(
                Domain("id", "!=", run._origin.id)
                & Domain("month", "=", run.month and first_day(run.month))
                & Domain("network_id", "=", run.network_id.id)
                & Domain("state", "!=", "cancelled"),
                limit=1,
            )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._with_first_day(vals) for vals in vals_list])

    def write(self, vals):
        begun = self.filtered(lambda run: run.state != "draft")
        if begun and vals.keys() & {"month", "network_id"}:
            raise UserError(
                self.env._(
                    "%s has been computed: make a new run for another month.",
                    begun[0].name,
                )
            )
        return super().write(self._with_first_day(vals))

    def _with_first_day(self, vals):
        """Return ``vals`` with the month as its first day, as it is stored."""
        month = fields.Date.to_date(vals.get("month"))
        return vals | {"month": first_day(month)} if month else vals

    @api.ondelete(at_uninstall=False)
    def _unlink_except_begun(self):
        for run in self:
            if run.state not in ("draft", "cancelled"):
                raise UserError(
                    self.env._(
                        "%s has invoices: cancel it before deleting it.", run.name
                    )
                )

    def _event_labels(self):
        labels = {
            "start": self.env._("Computing"),
            "finish": self.env._("End of computing"),
            "cancel": self.env._("Cancellation"),
        }
        return list(labels.items())

    def _with_errors(self, values):
        return self.filtered(lambda run: run.error_count or values.get("refused"))

    def _on_cancel(self, values, origin):
        """Draft invoices are cancelled, which gives their accesses back.

        What was frozen for invoices that were never made is given back too.
        """
        self.move_ids.filtered(lambda move: move.state == "draft").button_cancel()
        self.item_ids.filtered(lambda item: not item.move_id).unlink()

    def action_compute(self):
        """Make the invoices of the month, or those that are still missing."""
        self.check_access("write")
        for run in self.sudo():
            run.with_company(run.company_id)._compute_invoices()

    def action_cancel(self):
        self.check_access("write")
        for run in self.sudo():
            run._check_nothing_posted()
            run._fire("cancel")

    def _check_nothing_posted(self):
        posted = self.move_ids.filtered(lambda move: move.state == "posted")
        if posted:
            raise UserError(
                self.env._(
                    "%(run)s has posted invoices (%(invoices)s): a run is cancelled "
                    "while all its invoices are drafts.",
                    run=self.name,
                    invoices=", ".join(posted[:5].mapped("name")),
                )
            )

    def action_view_invoices(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "oiconnect_billing.account_move_action"
        )
        return action | {
            "domain": [("oiconnect_run_id", "=", self.id)],
            # As counted: without the cancelled ones
            "context": {"create": False, "search_default_not_cancelled": 1},
        }

    def action_view_lines(self):
        return self._open(
            "oiconnect.billing.line", self.env._("Billed accesses"), "list"
        )

    def action_view_items(self):
        return self._open(
            "oiconnect.billing.item", self.env._("Analysis"), "pivot,list"
        )

    def _open(self, model, name, view_mode):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "view_mode": view_mode,
            "domain": [("run_id", "=", self.id)],
        }

    def action_open_earlier_run(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.earlier_run_id.id,
            "view_mode": "form",
        }
