from odoo import fields, models

from odoo.addons.oiconnect_base.models.guarded import EVERY_FIELD


class OiconnectRuleCount(models.Model):
    """How many records broke a rule when it was checked."""

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
