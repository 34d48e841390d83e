from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.oiconnect_base.workflow import JOB

from ...appointment_states import LIVE_STATES

REASONS = [
    ("rejected", "The order was rejected"),
    ("ended", "The order is over"),
    ("served", "The line is delivered"),
]
# State of the order → why no visit serves it any more
OF_ORDER = {
    "ar_ko": "rejected",
    "cr_ko": "rejected",
    "mad_ko": "ended",
    "cancelled": "ended",
    "terminated": "ended",
    "overwritten": "ended",
    "delivered": "served",
    "in_service": "served",
}
#: hours that staff have to hold a visit before it is called off by itself
HOURS_TO_HOLD = 24
BATCH = 200


class Appointment(models.Model):
    """Visits that serve nothing any more: where they are seen, this is said.

    The order of a visit is the one that rests on it, or has its operator's reference.
    """

    _inherit = "oiconnect.appointment"

    # After these, a visit is called off by itself.
    _called_off_reasons = ("rejected", "ended")

    needless_reason = fields.Selection(
        REASONS,
        "Serves nothing",
        compute="_compute_needless_reason",
        search="_search_needless_reason",
        help="Why nobody has to go there any more",
    )
    needless_date = fields.Datetime("Serves nothing since", readonly=True, copy=False)
    is_held = fields.Boolean(
        "Held all the same",
        readonly=True,
        copy=False,
        help="Staff want the visit though its order is over",
    )

    # The job that calls them off: needless_date <= x
    _needless_idx = models.Index("(needless_date) WHERE needless_date IS NOT NULL")

    @api.depends("state", "order_id.state", "oc_reference", "is_held")
    def _compute_needless_reason(self):
        self.env.flush_all()
        query = SQL(
            "SELECT id, reason FROM (%s) needless WHERE id = ANY(%s)",
            self._needless_query(),
            self.ids,
        )
        reasons = dict(self.env.execute_query(query))
        for visit in self:
            visit.needless_reason = reasons.get(visit.id, False)

    @api.model
    def _search_needless_reason(self, operator, value):
        if operator != "in":
            return NotImplemented
        query = self._needless_query()
        named = SQL(
            "(SELECT id FROM (%s) needless WHERE reason = ANY(%s))",
            query,
            [reason for reason in value if reason],
        )
        domain = Domain("id", "in", named)
        if False in value:
            any_reason = SQL("(SELECT id FROM (%s) needless)", query)
            domain |= Domain("id", "not in", any_reason)
        return domain

    @api.model
    def _needless_query(self):
        """Return the query of id and reason of the live visits that serve nothing."""
        return SQL(
            """
            SELECT a.id, r.reason
              FROM oiconnect_appointment a
              JOIN LATERAL (
                  SELECT o.state FROM oiconnect_access_order o WHERE o.id = a.order_id
                  UNION ALL
                  (SELECT o.state FROM oiconnect_access_order o
                    WHERE a.order_id IS NULL AND o.network_id = a.network_id
                      AND o.operator_id = a.operator_id
                      AND o.oc_reference = a.oc_reference
                    ORDER BY o.id DESC LIMIT 1)
              ) o ON TRUE
              JOIN (SELECT * FROM unnest(%s, %s) u (state, reason)) r
                ON r.state = o.state
             WHERE a.state = ANY(%s) AND a.kind = 'production' AND a.is_held IS NOT TRUE
            """,
            list(OF_ORDER),
            list(OF_ORDER.values()),
            list(LIVE_STATES),
        )

    def action_hold(self):
        """Want the visit all the same: it is not called off by itself."""
        self.check_access("write")
        self.sudo().write({"is_held": True, "needless_date": False})

    # ------------------------------------------------------------------
    # Called off by themselves
    # ------------------------------------------------------------------

    @api.model
    def _cron_expire(self):
        self._date_needless()
        self._apply_by_batches(
            "cancel",
            self._needless_due(),
            BATCH,
            lambda some: some._can_fire("cancel")._fire("cancel", JOB),
        )
        return super()._cron_expire()

    @api.model
    def _date_needless(self):
        """Note since when visits serve nothing; forget it of those that do again."""
        needless = Domain("needless_reason", "in", self._called_off_reasons)
        is_dated = Domain("needless_date", "!=", False)
        self.search(needless & ~is_dated).write(
            {"needless_date": fields.Datetime.now()}
        )
        self.search(is_dated & ~needless).write({"needless_date": False})

    @api.model
    def _needless_due(self):
        limit = fields.Datetime.now() - timedelta(hours=HOURS_TO_HOLD)
        return Domain("needless_date", "<=", limit) & Domain(
            "needless_reason", "in", self._called_off_reasons
        )
