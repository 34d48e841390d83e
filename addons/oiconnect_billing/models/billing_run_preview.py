from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.oiconnect_base.time_zone import start_of_day

from ..due import EXPECTED, expect
from ..periods import next_month, previous_month
from .billing_run_operator import ADDRESS
from .billing_run_preview_job import BUSY

# How many accesses without product are listed; all are counted.
SHOWN = 1000

# Accesses of the month that no line of it bills or would bill, by operator
_UNBILLED = """
    SELECT operator_id, COUNT(*), (ARRAY_AGG(id ORDER BY id))[:%(shown)s]
      FROM oiconnect_access_order AS held
     WHERE network_id = %(network)s
       AND in_service_date < %(after)s
       AND (end_date IS NULL OR end_date >= %(after)s)
       AND NOT EXISTS (
           SELECT FROM oiconnect_billing_line AS line
            WHERE line.res_id = held.id AND line.period = %(month)s
              AND line.product_id = ANY(%(products)s))
       AND NOT EXISTS (
           SELECT FROM %(expected)s AS line
            WHERE line.res_id = held.id AND line.period = %(month)s
              AND line.product_id = ANY(%(products)s))
     GROUP BY operator_id
"""


class BillingRun(models.Model):
    """Before computing: what would be billed, and what looks wrong."""

    _inherit = "oiconnect.billing.run"

    preview_ids = fields.One2many("oiconnect.billing.preview", "run_id", readonly=True)
    preview_date = fields.Datetime("Previewed on", readonly=True, copy=False)
    open_anomaly_count = fields.Integer(
        "Anomalies left", compute="_compute_open_anomaly_count"
    )
    validated_by_id = fields.Many2one(
        "res.users", readonly=True, copy=False, ondelete="restrict"
    )
    validated_date = fields.Datetime("Validated on", readonly=True, copy=False)
    needs_validation = fields.Boolean(compute="_compute_needs_validation")

    @api.depends("preview_ids.anomaly", "preview_ids.accepted_by_id")
    def _compute_open_anomaly_count(self):
        for run in self:
            run.open_anomaly_count = len(run._open_anomalies())

    @api.depends("state", "validated_by_id", "company_id.oiconnect_billing_second")
    def _compute_needs_validation(self):
        for run in self:
            computed = run.state in ("done", "failed")
            run.needs_validation = computed and run._awaits_validation()

    def _awaits_validation(self):
        """Tell whether invoices of the run may not be posted yet.

        Those that are made while it goes on neither: what is validated is the whole.
        """
        required = self.sudo().company_id.oiconnect_billing_second
        return required and not self.validated_by_id

    def _open_anomalies(self):
        return self.preview_ids.filtered(
            lambda row: row.anomaly and not row.accepted_by_id
        )

    # ------------------------------------------------------------------
    # Preview
    # ------------------------------------------------------------------

    def action_preview(self):
        """Show what the run would bill, beside the month before; nothing is stored."""
        self.check_access("write")
        for record in self.sudo():
            run = record.with_company(record.company_id)
            run._refuse_unless_ready("start")
            run._check_ready()
            if run.preview_state in BUSY or not run._is_small():
                run._ask_preview()
            else:
                run._keep_preview(run._preview_rows())

    def _keep_preview(self, vals_list):
        """Show these lines; what was accepted and is the same still is accepted."""
        accepted = {
            row._place(): row.accepted_by_id
            for row in self.preview_ids.filtered("accepted_by_id")
        }
        self.preview_ids.unlink()
        for row in self.env["oiconnect.billing.preview"].create(vals_list):
            row.accepted_by_id = accepted.get(row._place())
        self._end_preview(False)
        self.preview_date = fields.Datetime.now()

    def _forget_preview(self):
        self.preview_ids.unlink()
        self._end_preview(False)
        self.preview_date = False

    def write(self, vals):
        """A preview is of its month and network."""
        before = [(run, run.month, run.network_id) for run in self]
        result = super().write(vals)
        for run, month, network in before:
            if (run.month, run.network_id) != (month, network):
                run.sudo()._forget_preview()
        return result

    def _preview_rows(self, report=None):
        before = self._amounts(previous_month(self.month))
        with self.env.cr.savepoint() as savepoint:
            expect(self.env, self, self._products(), report)
            amounts = self._amounts(self.month)
            unbilled = self.env.execute_query(self._unbilled())
            savepoint.rollback()
        self.env.invalidate_all()
        return [
            *self._customer_rows({operator for operator, _product in amounts}),
            *self._unbilled_rows(unbilled),
            *self._amount_rows(before, amounts),
        ]

    def _amounts(self, month):
        """Return ``{(operator, product): amount}`` of all runs of a month."""
        items = self.env["oiconnect.billing.item"]
        groups = items._read_group(
            Domain("network_id", "=", self.network_id.id)
            & Domain("run_id.month", "=", month),
            ["operator_id", "product_id"],
            ["amount:sum"],
        )
        return {(operator, product): amount for operator, product, amount in groups}

    def _unbilled(self):
        products = self.env["oiconnect.billing.product"].with_context(active_test=False)
        own = products.search([("company_id", "=", self.company_id.id)])
        of_accesses = own.filtered(lambda product: product.source == "access")
        return SQL(
            _UNBILLED,
            shown=SHOWN,
            network=self.network_id.id,
            after=start_of_day(next_month(self.month)),
            month=self.month,
            expected=SQL.identifier(EXPECTED),
            products=of_accesses.ids,
        )

    def _customer_rows(self, operators):
        for operator in operators:
            partner = operator._billing_partner()
            if any(not partner[name] for name in ADDRESS):
                yield {
                    "run_id": self.id,
                    "operator_id": operator.id,
                    "anomaly": "customer",
                }

    def _unbilled_rows(self, unbilled):
        for operator_id, count, ids in unbilled:
            yield {
                "run_id": self.id,
                "operator_id": operator_id,
                "anomaly": "unbilled",
                "record_count": count,
                "record_ids": ids,
            }

    def _amount_rows(self, before, amounts):
        for operator, product in before | amounts:
            last = before.get((operator, product), 0.0)
            now = amounts.get((operator, product), 0.0)
            yield {
                "run_id": self.id,
                "operator_id": operator.id,
                "product_id": product.id,
                "last_amount": last,
                "amount": now,
                "difference": now - last,
                "anomaly": self._is_jump(product, last, now) and "jump",
            }

    def _is_jump(self, product, last, now):
        """Tell whether the change is unusual; events come as they come."""
        limit = self.company_id.oiconnect_billing_jump
        compared = limit and last and product.billing_type == "recurring"
        return bool(compared) and abs(now - last) * 100 > abs(last) * limit

    def _check_previewed(self):
        """Refuse to invoice what no one has looked at, where the company wants so."""
        if not self.company_id.oiconnect_billing_preview:
            return
        if not self.preview_date or self.preview_state:
            raise UserError(
                self.env._(
                    "%s: look at its preview first, the company wants so.", self.name
                )
            )
        if left := self._open_anomalies():
            raise UserError(
                self.env._(
                    "%(run)s has anomalies (%(operators)s): fix or accept them in its "
                    "preview.",
                    run=self.name,
                    operators=", ".join(left.operator_id[:5].mapped("display_name")),
                )
            )

    # ------------------------------------------------------------------
    # Validation by a second person
    # ------------------------------------------------------------------

    def _start(self):
        """Start the run: after each start it is to be validated again."""
        self.write({"validated_by_id": False, "validated_date": False})
        # A preview that goes on is late.
        self._end_preview(False)
        return super()._start()

    def action_validate(self):
        """Validate the invoices of the run: somebody else has computed it."""
        self.check_access("write")
        for run in self.sudo():
            if not run.needs_validation:
                raise UserError(self.env._("%s needs no validation.", run.name))
            started = run.step_ids.filtered(lambda step: step.event == "start")
            if self.env.user in started.user_id:
                raise UserError(
                    self.env._(
                        "You have computed %s yourself: somebody else validates it.",
                        run.name,
                    )
                )
            run.write(
                {
                    "validated_by_id": self.env.uid,
                    "validated_date": fields.Datetime.now(),
                }
            )
