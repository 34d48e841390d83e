from odoo import api, fields, models
from odoo.tools import SQL

from ...bulk import insert_rows
from ...time_zone import local_today
from ..guarded import EVERY_FIELD
from .delay import delay_kinds, delay_parties


class DelayCount(models.Model):
    """Daily counts of ended and late delays, by network, operator and kind.

    Transitions add lines and change none, so that no two of them wait for each other;
    a scheduled action adds up what says the same.
    """

    _name = "oiconnect.delay.count"
    _description = "Figures of delays"
    _order = "day desc, id desc"
    _log_access = False
    _rec_name = "kind"
    _event_fields = EVERY_FIELD

    day = fields.Date(required=True)
    operator_id = fields.Many2one(
        "oiconnect.operator", required=True, index=True, ondelete="cascade"
    )
    network_id = fields.Many2one("oiconnect.network", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="network_id.company_id", store=True)
    kind = fields.Selection(delay_kinds, required=True)
    awaited = fields.Selection(delay_parties, "Who was awaited", required=True)
    ended = fields.Integer()
    late = fields.Integer()
    in_time_share = fields.Float(
        "In time (%)",
        compute="_compute_in_time_share",
        store=True,
        aggregator="avg",
        digits=(5, 1),
    )

    # The figures of a time span; the adding up.
    _day_idx = models.Index("(day, operator_id, kind)")

    @api.depends("ended", "late")
    def _compute_in_time_share(self):
        for count in self:
            in_time = count.ended - count.late
            count.in_time_share = 100.0 * in_time / count.ended if count.ended else 0

    def _read_group_select(self, aggregate_spec, query):
        """The share of many lines is that of all they count, no mean of shares."""
        if aggregate_spec != "in_time_share:avg":
            return super()._read_group_select(aggregate_spec, query)
        ended = self._field_to_sql(self._table, "ended", query)
        late = self._field_to_sql(self._table, "late", query)
        return SQL(
            "100.0 * (SUM(%s) - SUM(%s)) / NULLIF(SUM(%s), 0)", ended, late, ended
        )

    @api.model
    @api.private
    def _append(self, counts):
        """Add ``{(network, operator, kind, awaited): (ended, late)}`` of today.

        Delays of sandbox networks count in no figures.
        """
        today = local_today()
        insert_rows(
            self.env,
            self._table,
            (
                {
                    "day": today,
                    "network_id": network.id,
                    "company_id": network.company_id.id,
                    "operator_id": operator.id,
                    "kind": kind,
                    "awaited": awaited,
                    "ended": ended,
                    "late": late,
                    "in_time_share": 100.0 * (ended - late) / ended,
                }
                for (network, operator, kind, awaited), (ended, late) in counts.items()
                if not network.is_sandbox
            ),
        )

    @api.model
    def _fold(self):
        """Merge the rows of the same day, operator, network and kind."""
        self.flush_model()
        self.env.cr.execute(
            """
            WITH counted AS (
                DELETE FROM oiconnect_delay_count WHERE (
                    day, operator_id, network_id, kind, awaited
                ) IN (
                    SELECT day, operator_id, network_id, kind, awaited
                    FROM oiconnect_delay_count
                    GROUP BY 1, 2, 3, 4, 5 HAVING count(*) > 1
                )
                RETURNING *
            )
            INSERT INTO oiconnect_delay_count (
                day, operator_id, network_id, company_id, kind, awaited, ended, late,
                in_time_share
            )
            SELECT day, operator_id, network_id, min(company_id), kind, awaited,
                sum(ended), sum(late),
                100.0 * (sum(ended) - sum(late)) / sum(ended)
            FROM counted GROUP BY day, operator_id, network_id, kind, awaited
            """
        )
        self.invalidate_model(flush=False)
