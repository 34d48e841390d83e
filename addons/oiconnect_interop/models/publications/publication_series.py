import hashlib

from odoo import fields, models

from odoo.addons.oiconnect_base.models.guarded import EVERY_FIELD

from ...bulk.publish import SOURCES
from ...bulk.publish.state import Series, make_table

# By what operators know a line of a kind of file: fields of its columns
KEYS = {
    "ipe": ("building.identifier", "building.address_code", "building.building_name"),
    "cpn": ("pm.reference", "technical_pm.reference", "link.reference"),
}
# What was written so long before the last look is looked at again: a transaction that
# lasts dates what it writes from its beginning.
_MARGIN_DAYS = 1
# A full file is the occasion to look at every line, once in so many days: whoever wrote
# below the ORM may have dated nothing.
_WHOLE_DAYS = 25


class PublicationSeries(models.Model):
    """Series of a plan in one format: the lines as published."""

    _name = "oiconnect.publication.series"
    _description = "Published lines of a plan in one format"
    _log_access = False
    _event_fields = EVERY_FIELD

    plan_id = fields.Many2one(
        "oiconnect.publication.plan", required=True, ondelete="cascade"
    )
    format_id = fields.Many2one(
        "oiconnect.flow.format", required=True, ondelete="cascade", index=True
    )
    as_of = fields.Datetime("State of the network on")
    whole_date = fields.Datetime("Every line looked at on")
    fingerprint = fields.Char(help="Of all that makes a line what it is")

    # The series of a plan in a format
    _format_uniq = models.UniqueIndex(
        "(plan_id, format_id)", "A plan has its lines in a format once."
    )

    def init(self):
        make_table(self.env.cr)

    def _of(self, plan, form):
        """Return the series of a plan in a format, new if there is none."""
        domain = [("plan_id", "=", plan.id), ("format_id", "=", form.id)]
        return self.search(domain, limit=1) or self.create(
            {"plan_id": plan.id, "format_id": form.id}
        )

    def _source(self, day):
        """Return what the lines are drawn from on ``day``."""
        self.ensure_one()
        plan = self.plan_id
        return SOURCES[plan.family](
            plan.network_id, self.format_id._protocol_format(), day, plan.pm_ids.ids
        )

    def _state(self):
        """Return the published lines, over this transaction."""
        columns = self.format_id._protocol_format().columns
        ranks = {column.field: rank for rank, column in enumerate(columns)}
        keys = [ranks[field] for field in KEYS[self.plan_id.family] if field in ranks]
        return Series(self.env.cr, self.id, keys)

    def _look(self, source, may_be_whole=False):
        """Find what moved since the last look.

        :param may_be_whole: look at every line when it was long ago, not only at those
            that were written meanwhile
        :return: the published lines, how many moved
        """
        now = self.env.cr.now()
        digest = self._digest(source)
        state = self._state()
        if not self.as_of:
            moves = state.begin(source)
            whole = True
        else:
            whole = digest != self.fingerprint or (may_be_whole and self._is_due(now))
            margin = fields.Datetime.subtract(self.as_of, days=_MARGIN_DAYS)
            moves = state.look(source, since=None if whole else margin)
        self.write({"fingerprint": digest, "as_of": now})
        if whole:
            self.whole_date = now
        return state, moves

    def _is_due(self, now):
        limit = fields.Datetime.subtract(now, days=_WHOLE_DAYS)
        return not self.whole_date or self.whole_date < limit

    def _digest(self, source):
        """Return what changes when a line could without its records being written."""
        self.env.flush_all()
        text = self.env.cr.mogrify(source.definition()).decode()
        scope = (source.network.oi_code, sorted(source.pm_ids))
        return hashlib.sha256(repr((text, scope)).encode()).hexdigest()
