from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.oiconnect_base.bulk import expect_many_rows
from odoo.addons.oiconnect_import.models.runs.failure_text import (
    cause,
    met_another_transaction,
)
from odoo.addons.oiconnect_import.protocol import FileError

from ..difference import Comparison, Side
from ..reading import Limits
from .gracethd_difference_line import WHAT
from .import_ import KIND

BUSY = ("waiting", "running")
#: days after which a difference is dropped: it can be made again
_RETENTION_DAYS = 90


class GracethdDifference(models.Model):
    """Differences between two deliveries of a network, found in the background."""

    _name = "oiconnect.gracethd.difference"
    _description = "Difference of two GraceTHD deliveries"
    _inherit = ["oiconnect.network.mixin", "oiconnect.background.run"]
    _order = "id desc"
    _creation_fields = ("import_id",)
    _free_fields = ("other_id",)
    _waiting_state = "waiting"
    _complete_states = ("done",)
    _exclusive_field = "import_id"
    _reported_errors = (FileError,)

    import_id = fields.Many2one(
        "oiconnect.import",
        "Delivery",
        required=True,
        index=True,
        ondelete="cascade",
        domain=[("kind", "=", KIND)],
    )
    network_id = fields.Many2one(
        related="import_id.network_id", store=True, precompute=True, default=None
    )
    other_id = fields.Many2one(
        "oiconnect.import",
        "Compared with",
        required=True,
        index=True,
        ondelete="cascade",
        domain="[('kind', '=', 'gracethd'), ('network_id', '=', network_id), "
        "('id', '!=', import_id)]",
        help="The former delivery",
    )
    state = fields.Selection(
        [
            ("draft", "To compare"),
            ("waiting", "Waiting"),
            ("running", "Being compared"),
            ("done", "Compared"),
            ("failed", "Failed"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
    )
    message = fields.Char("What happened", readonly=True, copy=False)
    start_date = fields.Datetime("Started on", readonly=True, copy=False)
    end_date = fields.Datetime("Ended on", readonly=True, copy=False)
    line_ids = fields.One2many(
        "oiconnect.gracethd.difference.line", "difference_id", readonly=True
    )
    progress_ids = fields.One2many(
        "oiconnect.gracethd.difference.progress",
        "difference_id",
        "Course",
        readonly=True,
    )
    created_count = fields.Integer("Rows created", readonly=True, copy=False)
    changed_count = fields.Integer("Rows changed", readonly=True, copy=False)
    abandoned_count = fields.Integer("Rows abandoned", readonly=True, copy=False)
    absent_count = fields.Integer("Rows no longer there", readonly=True, copy=False)

    @api.depends("import_id", "other_id")
    def _compute_display_name(self):
        for difference in self:
            difference.display_name = (
                f"{difference.other_id.file_name} → {difference.import_id.file_name}"
            )

    @api.constrains("import_id", "other_id")
    def _check_deliveries(self):
        for difference in self.sudo():
            new, old = difference.import_id, difference.other_id
            if new == old or {new.kind, old.kind} != {KIND}:
                raise ValidationError(
                    self.env._("Choose another GraceTHD delivery to compare with.")
                )
            if new.network_id != old.network_id:
                raise ValidationError(
                    self.env._("Choose two deliveries of the same network.")
                )

    def write(self, vals):
        if "other_id" not in vals:
            return super().write(vals)
        self._check_idle()
        result = super().write(vals)
        self.sudo().write({"state": "draft", "message": False})
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_busy(self):
        self._check_idle()

    def _check_idle(self):
        if any(difference.state in BUSY for difference in self):
            raise UserError(
                self.env._("These deliveries are being compared: stop it first.")
            )

    @api.autovacuum
    def _gc_differences(self):
        """Drop old differences: they are made again from the files at any time."""
        limit = fields.Datetime.subtract(fields.Datetime.now(), days=_RETENTION_DAYS)
        domain = Domain("write_date", "<", limit) & Domain("state", "not in", BUSY)
        self.search(domain, limit=100).unlink()

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------

    def action_compare(self):
        """Compare, in the background."""
        self.check_access("write")
        self._check_idle()
        self.sudo()._queue()

    def action_cancel(self):
        self.check_access("write")
        busy = self.sudo().filtered(lambda difference: difference.state in BUSY)
        idle = busy.filtered(
            lambda difference: (
                difference.state == "waiting" or not difference._has_job()
            )
        )
        idle._close("cancelled", idle._cancelled_text())
        (busy - idle)._ask_to_stop()

    def action_view_lines(self):
        """Open the list of what differs."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "oiconnect_gracethd.gracethd_difference_line_action"
        )
        return action | {
            "name": self.display_name,
            "domain": [("difference_id", "=", self.id)],
        }

    def action_show_on_map(self):
        """Open the map on what differs."""
        self.ensure_one()
        self.env["oiconnect.pm"].check_access("read")
        bounds = self._bounds()
        if not bounds:
            raise UserError(
                self.env._("No place is known of what differs: see the list.")
            )
        action = self.env["ir.actions.actions"]._for_xml_id(
            "oiconnect_infra.map_action"
        )
        focus = {"bounds": bounds, "difference": self.id}
        return action | {"params": {"focus": focus}}

    def _bounds(self):
        """Return south, west, north and east of what differs, if it is anywhere."""
        [edges] = self.env.execute_query(
            SQL(
                """SELECT min(latitude), min(longitude), max(latitude), max(longitude)
                     FROM oiconnect_gracethd_difference_line
                    WHERE difference_id = %s""",
                self.id,
            )
        )
        return None if edges[0] is None else list(edges)

    # ------------------------------------------------------------------
    # The work
    # ------------------------------------------------------------------

    def _queue(self):
        self.write({"state": "waiting", "message": False, "end_date": False})
        for difference in self:
            difference.with_delay(
                identity_key=difference._job_identity_key(),
                description=self.env._(
                    "Difference of GraceTHD deliveries: %s", difference.display_name
                ),
            )._run()

    def _job_identity_key(self):
        return f"oiconnect-gracethd-difference-{self.id}"

    def _has_job(self):
        return bool(self._keys_with_job([self._job_identity_key()]))

    def _error_text(self, error):
        return self.import_id._error_text(error)

    def _cancelled_text(self):
        return self.env._("Cancelled: the deliveries were not compared.")

    def _broken_text(self, error):
        return self.env._("Nothing was compared: %s", cause(self.env, error))

    def _is_tried_again(self, error):
        return met_another_transaction(error)

    def _perform(self):
        """Stage both files, compare them, keep what differs."""
        self.ensure_one()
        self.env.flush_all()
        cr = self.env.cr
        expect_many_rows(cr)
        cr.execute(
            "DELETE FROM oiconnect_gracethd_difference_line WHERE difference_id = %s",
            [self.id],
        )
        report = self.env["oiconnect.gracethd.difference.progress"]._reporter(self)
        sides = []
        for rank, record in enumerate((self.import_id, self.other_id)):
            side = Side(cr, f"oiconnect_gracethd_difference_{self.id}_{rank}")
            limits = record._limits()
            with record._open_file() as raw:
                side.load(
                    raw,
                    Limits(size=limits.size, ratio=limits.ratio),
                    lambda rows, rank=rank: report("read", rank / 2 + 0.25, rows),
                )
            sides.append(side)
        rows = sum(side.stage.row_count for side in sides)
        alone = Comparison(self, *sides).execute(
            lambda done, total: report("compare", done / total, rows)
        )
        for side in sides:
            side.drop()
        self.env.invalidate_all()
        self._keep(alone)

    def _keep(self, alone):
        groups = self.env["oiconnect.gracethd.difference.line"]._read_group(
            [("difference_id", "=", self.id)], ["what"], ["__count"]
        )
        counts = dict(groups)
        values = {f"{what}_count": counts.get(what, 0) for what, _label in WHAT}
        self.write(
            values
            | {
                "state": "done",
                "end_date": fields.Datetime.now(),
                "message": bool(alone)
                and self.env._(
                    "Tables that only one of the two has, which are not compared: %s",
                    ", ".join(alone),
                ),
            }
        )
