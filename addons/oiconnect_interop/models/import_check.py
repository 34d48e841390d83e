from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.oiconnect_base.plural import plural

from ..bulk.archive import BulkFileError
from .import_ import JUDGED

MODES = [
    ("initialise", "Initialisation"),
    ("update", "Update"),
    ("removal", "Update with removals"),
]
ON_ERROR = [
    ("skip", "Leave these lines out"),
    ("nothing", "Apply nothing"),
]
# Percentage of the objects of a kind that may be abandoned without a confirmation
DEFAULT_ABANDONED_LIMIT = 10


class Import(models.Model):
    """How a file is applied, and its check: all of the import, undone at its end."""

    _inherit = "oiconnect.import"

    mode = fields.Selection(
        MODES,
        required=True,
        default="update",
        help="Initialisation wants an empty network. An update leaves what the file "
        "does not tell as it is; with removals, what left the file is abandoned.",
    )
    on_error = fields.Selection(ON_ERROR, "On error", required=True, default="skip")
    dry_run = fields.Boolean("Check only", readonly=True, copy=False)
    removal_confirmed = fields.Boolean(readonly=True, copy=False)
    preview_ids = fields.One2many(
        "oiconnect.import.preview", "import_id", readonly=True
    )
    abandoned_alert = fields.Char(compute="_compute_alerts")
    error_verdict = fields.Char("What became of errors", compute="_compute_alerts")

    def action_check(self):
        """Put a file in the queue to be gone through, and nothing applied."""
        self.check_access("write")
        for record in self:
            if record._was_applied():
                record._check_may_run_again()
            record._check_startable()
            record.sudo()._queue(dry_run=True)

    # ------------------------------------------------------------------
    # Modes
    # ------------------------------------------------------------------

    def _check_mode(self):
        """Refuse to initialise a network that has objects already."""
        try:
            self._refuse_founded()
        except BulkFileError as error:
            raise UserError(self._error_text(error)) from error

    def _refuse_founded(self):
        if self.mode != "initialise":
            return
        for model in self._reader().founded_by:
            found = self.env[model].sudo().with_context(active_test=False)
            if found.search_count([("network_id", "=", self.network_id.id)], limit=1):
                raise BulkFileError("not_empty", network=self.network_id.name)

    def _takes_all_or_nothing(self):
        """Tell whether one line in error leaves nothing to apply (a check looks on)."""
        return self.on_error == "nothing" and not self.dry_run

    # ------------------------------------------------------------------
    # Removal
    # ------------------------------------------------------------------

    def _abandoned_limit(self):
        text = (
            self.env["ir.config_parameter"]
            .sudo()
            .get_param("oiconnect_interop.max_abandoned_percent")
        )
        return float(text or DEFAULT_ABANDONED_LIMIT)

    def _abandons_too_many(self):
        """Return the counts found last that abandon more than may go unsaid."""
        if self.mode != "removal" or self.state not in JUDGED:
            return self.count_ids.browse()
        limit = self._abandoned_limit()
        return self.count_ids.filtered(lambda count: count.abandoned_percent > limit)

    @api.depends("state", "mode", "on_error", "count_ids", "error_line_count")
    @api.depends_context("lang")
    def _compute_alerts(self):
        for record in self:
            record.abandoned_alert = record._abandoned_text()
            record.error_verdict = record._verdict_text()

    def _verdict_text(self):
        """Say what becomes, or became, of the good lines beside those in error."""
        count = self.error_line_count
        if self.state == "refused" or self.on_error == "nothing":
            return plural(
                self.env,
                count,
                self.env._("One line is in error: none of the file is applied."),
                self.env._(
                    "%s lines are in error: none of the file is applied.", count
                ),
            )
        if self.state == "checked":
            return plural(
                self.env,
                count,
                self.env._("One line in error would be left out, the others applied."),
                self.env._(
                    "%s lines in error would be left out, the others applied.", count
                ),
            )
        return plural(
            self.env,
            count,
            self.env._("One line in error was left out, the others are applied."),
            self.env._(
                "%s lines in error were left out, the others are applied.", count
            ),
        )

    def _abandoned_text(self):
        """Say how much of the network the file would abandon, if that is much."""
        return " ".join(
            self.env._(
                "“%(kind)s”: %(count)s of %(total)s (%(percent)s %%) left the file "
                "and would be abandoned.",
                count=count.abandoned,
                total=count.present,
                kind=count.model_label,
                percent=round(count.abandoned_percent),
            )
            for count in self._abandons_too_many()
        )
