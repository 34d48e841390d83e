import logging
from contextlib import suppress
from datetime import timedelta

from psycopg2 import Error

from odoo import api, fields, models
from odoo.tools import SQL, format_date

from .. import partitions

_logger = logging.getLogger(__name__)

# Months that have their part before they begin
AHEAD = 3
# Months of which this process knows that they have a part, or that it tried
_foreseen = set()
RETENTION_PARAMETER = "oiconnect_base.months_kept.{}"
RETAINED_SINCE_PARAMETER = "oiconnect_base.kept_since.{}"


class Partitioned(models.AbstractModel):
    """Model that is only ever added to: its table has one part a month.

    Parts that are older than the retention period are dropped, unless something of
    them is needed (``_why_retained``). Nothing may have a foreign key to such a model,
    nor may it have one: ``Many2oneWithoutForeignKey`` on both sides.
    """

    _name = "oiconnect.partitioned"
    _description = "Rows kept by month"

    # Column of the moment that a row is of; it never changes.
    _month_key = "date"
    # Months of retention unless the system parameter says; 0 for all of them
    _months_retained = 0

    def init(self):
        super().init()
        if self._abstract:
            return
        cr, now = self.env.cr, fields.Datetime.now()
        if not partitions.is_partitioned(cr, self._table):
            partitions.split(cr, self._table, self._month_key, now)
        partitions.attempt(cr, self._make_months)

    # ------------------------------------------------------------------
    # Months to come
    # ------------------------------------------------------------------

    @api.model
    def _make_months(self):
        """Make the parts of the months to come, and of rows that had none."""
        cr, now = self.env.cr, fields.Datetime.now()
        return partitions.make_months(cr, self._table, self._month_key, now, 1 + AHEAD)

    @api.model
    def _foresee(self, moment):
        """Make the part of a moment's month after this transaction, if it lacks.

        The scheduled action does so before; when it has not run for months, rows are
        taken by the part of other months, and each process tries once a month.
        """
        month = partitions.month_of(moment)
        known = (self.env.cr.dbname, self._table, month)
        if known not in _foreseen:
            _foreseen.add(known)
            self.env.cr.postcommit.add(self._make_months_apart)

    def _make_months_apart(self):
        """In a transaction of its own, that holds nothing of ours and gives up soon."""
        with suppress(Error), self.pool.cursor() as cr:
            if partitions.has_few_others(cr, self._table):
                months = self.with_env(api.Environment(cr, self.env.uid, {}))
                partitions.attempt(cr, months._make_months, tries=1, seconds=1)

    # ------------------------------------------------------------------
    # Months that are over
    # ------------------------------------------------------------------

    @api.model
    def _cron_keep_months(self):
        """Of each table, make the months to come and drop those that are over."""
        cron = self.env["ir.cron"]
        models = self._partitioned_models()
        cron._commit_progress(remaining=len(models))
        for model in models:
            model._prepare_months()
            for part in model._over():
                model._drop_month(part)
                cron._commit_progress(0)
            cron._commit_progress(1)

    @api.model
    def _prepare_months(self):
        made = []
        if not partitions.attempt(
            self.env.cr, lambda: made.extend(self._make_months())
        ):
            _logger.warning("%s: its next months have to wait", self._table)
        if made:
            # PostgreSQL does so by itself of parts only, not of the whole.
            self.env.cr.execute(SQL("ANALYZE %s", SQL.identifier(self._table)))

    @api.model
    def _partitioned_models(self):
        names = self.env.registry.descendants(["oiconnect.partitioned"], "_inherit")
        models = [self.env[name].sudo() for name in sorted(names)]
        return [model for model in models if not model._abstract]

    @api.model
    def _retention_months(self):
        """Return how many months are retained, 0 for all."""
        name = RETENTION_PARAMETER.format(self._table.removeprefix("oiconnect_"))
        text = self.env["ir.config_parameter"].sudo().get_param(name)
        # What was mistyped must drop nothing that would be retained.
        return int(text) if text and text.isdecimal() else self._months_retained

    @api.model
    def _over(self):
        """Return the parts that are older than the retention period, oldest first."""
        now = fields.Datetime.now()
        return self._over_at(now, partitions.parts(self.env.cr, self._table))

    @api.model
    def _over_at(self, moment, known):
        """Return those of the ``known`` parts that were over at a moment."""
        months = self._retention_months()
        limit = partitions.month_of(moment) - partitions.STEP * months
        return [part for part in known if months and part.end <= limit]

    @api.model
    def _late_months(self):
        """Return the names of what somebody has to look at.

        Parts that should be gone for a week and are not needed, and the table when its
        next month has no part: locks could not be had, or the action does not run.
        """
        now = fields.Datetime.now()
        known = partitions.parts(self.env.cr, self._table)
        over = self._over_at(now - timedelta(days=7), known)
        late = [part.name for part in over if not self._why_retained(part)]
        following = partitions.month_of(now) + partitions.STEP
        is_ready = any(part.end > following for part in known)
        return late if is_ready else [*late, self._table]

    @api.model
    def _why_retained(self, part):
        """Hook: return why a part that is over is still needed, or None.

        :param part: :class:`..partitions.Part`
        """
        return None

    @api.model
    def _drop_month(self, part):
        """Drop a part that is over; return whether it is gone."""
        if reason := self._why_retained(part):
            _logger.warning("%s is retained: %s", part.name, reason)
            return False
        drop = partitions.drop_part
        if not partitions.attempt(self.env.cr, lambda: drop(self.env.cr, part.name)):
            _logger.warning("%s is in use: it is dropped the next time", part.name)
            return False
        self._note_drop(part)
        _logger.info("%s dropped: it was older than its retention", part.name)
        return True

    @api.model
    def _note_drop(self, part):
        """Keep until when rows were dropped, for screens to tell."""
        parameters = self.env["ir.config_parameter"].sudo()
        parameters.set_param(RETAINED_SINCE_PARAMETER.format(self._table), part.end)

    @api.model
    def _retained_since(self):
        """Return from when on rows are retained, False if none was dropped yet."""
        parameters = self.env["ir.config_parameter"].sudo()
        text = parameters.get_param(RETAINED_SINCE_PARAMETER.format(self._table))
        return fields.Datetime.to_datetime(text) if text else False

    @api.model
    def _gone_note(self, since):
        """Return what screens say of rows that may have been dropped.

        :param since: when what the screen is about began, False if that is not known
        """
        limit = self._retained_since()
        if not limit or (since and since >= limit):
            return False
        return self._gone_text(format_date(self.env, limit))

    @api.model
    def _gone_text(self, day):
        """Hook: return the sentence that says from which day on rows are retained."""
        return self.env._("What is older than %s is not kept any more.", day)
