from typing import NamedTuple

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ...delays import working_time
from ...delays.clock import PARTIES
from ..guarded import EVERY_FIELD

UNITS = [
    ("hours", "Hours"),
    ("work_hours", "Working hours"),
    ("work_days", "Working days"),
    ("days", "Days"),
]


def delay_kinds(model):
    """Return ``[(kind, label)]``: the selection of all models that name a delay."""
    field = model.env["oiconnect.delay"]._fields["kind"]
    return field._description_selection(model.env)


def delay_parties(model):
    """Return ``[(party, label)]`` of who may be awaited, for the same models."""
    field = model.env["oiconnect.delay"]._fields["awaited"]
    return field._description_selection(model.env)


class DelayRule(NamedTuple):
    """Values of a delay as the computation reads them, from the cache."""

    value: float
    unit: str
    warning_hours: float
    awaited: str
    calendar_id: int


class Delay(models.Model):
    """Length of a delay: defaults of the protocol, overridden by operator or network.

    Each addon adds the kinds of its delays (``selection_add``) and, where it is not us,
    who is awaited (``_usual_parties``).
    """

    _name = "oiconnect.delay"
    _description = "Delay"
    _inherit = "oiconnect.cached.mixin"
    # As they follow each other in an order; what is precise after what is general.
    _order = "sequence, network_id desc, operator_id desc, id"
    _rec_name = "kind"
    _free_fields = EVERY_FIELD

    kind = fields.Selection([], required=True)
    sequence = fields.Integer(compute="_compute_sequence", store=True)
    network_id = fields.Many2one(
        "oiconnect.network", ondelete="cascade", help="Empty: of all networks"
    )
    operator_id = fields.Many2one(
        "oiconnect.operator", ondelete="cascade", help="Empty: of all operators"
    )
    value = fields.Float("Delay", required=True, digits=(8, 2))
    unit = fields.Selection(UNITS, required=True, default="work_days")
    warning_hours = fields.Float(
        "Warn before (hours)",
        digits=(8, 2),
        help="Hours before the limit from which the order is due soon: working hours "
        "where the delay is one of work",
    )
    awaited = fields.Selection(
        PARTIES,
        "Who is awaited",
        compute="_compute_awaited",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
    )
    calendar_id = fields.Many2one(
        "resource.calendar",
        "Working times",
        default=lambda self: self.env.ref(
            "oiconnect_base.calendar_oi", raise_if_not_found=False
        ),
        help="Hours and holidays of delays of work; days are those of its time zone",
        ondelete="restrict",
    )

    _whom_uniq = models.UniqueIndex(
        "(kind, COALESCE(network_id, 0), COALESCE(operator_id, 0))",
        "This delay is already set for this network and this operator.",
    )
    _value_positive = models.Constraint(
        "CHECK (value > 0)", "A delay is longer than nothing."
    )
    _warning_not_negative = models.Constraint(
        "CHECK (warning_hours >= 0)", "The hours before the limit are not negative."
    )

    @api.constrains("value", "unit")
    def _check_whole_days(self):
        for delay in self:
            if delay.unit in ("days", "work_days") and delay.value % 1:
                raise ValidationError(
                    self.env._(
                        "“%(kind)s”: %(value)s is not a whole number of days. Give "
                        "whole days, or choose hours.",
                        kind=delay.display_name,
                        value=delay.value,
                    )
                )

    @api.depends("kind")
    def _compute_sequence(self):
        kinds = self._fields["kind"].get_values(self.env)
        ranks = {kind: rank for rank, kind in enumerate(kinds)}
        for delay in self:
            delay.sequence = ranks.get(delay.kind, 0)

    @api.depends("kind")
    def _compute_awaited(self):
        for delay in self:
            delay.awaited = self._usual_parties().get(delay.kind, "us")

    @api.depends("kind")
    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for delay in self:
            delay.display_name = labels.get(delay.kind)

    # ------------------------------------------------------------------
    # Declared by addons
    # ------------------------------------------------------------------

    @api.model
    @api.private
    def _usual_parties(self):
        """Return ``{kind: party}`` awaited where no delay says it; us elsewhere.

        For each addon with kinds to extend.
        """
        return {}

    # ------------------------------------------------------------------
    # Look-up and arithmetic
    # ------------------------------------------------------------------

    @api.model
    @api.private
    @tools.ormcache("network_id", "operator_id")
    def _rules(self, network_id, operator_id):
        """Return ``{kind: DelayRule}``, of the most precise line that applies."""
        delays = self.sudo().search(
            Domain("network_id", "in", (False, network_id))
            & Domain("operator_id", "in", (False, operator_id))
        )
        precise = delays.sorted(lambda d: (bool(d.operator_id), bool(d.network_id)))
        return {
            delay.kind: DelayRule(
                delay.value,
                delay.unit,
                delay.warning_hours,
                delay.awaited,
                delay.calendar_id.id,
            )
            for delay in precise
        }

    @api.model
    @api.private
    def _limit(self, rule, start):
        """Return ``(due, warning)`` of a delay that begins at ``start``."""
        calendar = self._working_time(rule)
        due = working_time.due(start, rule.value, rule.unit, calendar)
        return self._with_warning(rule, due)

    @api.model
    @api.private
    def _limit_resumed(self, rule, due, paused, again):
        """Return ``(due, warning)`` of a delay that stood still meanwhile."""
        calendar = self._working_time(rule)
        due = working_time.resumed(due, paused, again, rule.unit, calendar)
        return self._with_warning(rule, due)

    def _with_warning(self, rule, due):
        due = due.replace(microsecond=0)
        warning = working_time.warning(
            due, rule.warning_hours, rule.unit, self._working_time(rule)
        )
        return due, warning.replace(microsecond=0)

    def _working_time(self, rule):
        return self.env["resource.calendar"]._working_time(rule.calendar_id)
