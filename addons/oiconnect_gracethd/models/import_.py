import csv
import io

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date

from odoo.addons.oiconnect_base.spreadsheet import escape_formula
from odoo.addons.oiconnect_import.bulk.detected import Detected
from odoo.addons.oiconnect_import.bulk.messages import MESSAGES as BULK_MESSAGES

from ..bulk.work import DeliveryWork
from ..messages import MESSAGES, message_text
from ..reading import Limits, delivery_version

KIND = "gracethd"
#: key of the error about PMs that another network has
ELSEWHERE = "apply_elsewhere"
_PAGE = 5000
# Parts of the work
_SPANS = {"read": (0.0, 0.25), "check": (0.25, 0.5), "merge": (0.5, 1.0)}


class Import(models.Model):
    """A delivery in GraceTHD is checked, then applied to the network."""

    _inherit = "oiconnect.import"
    _free_fields = ("gracethd_grid_id",)

    kind = fields.Selection(
        selection_add=[(KIND, "GraceTHD")], ondelete={KIND: "cascade"}
    )
    gracethd_grid_id = fields.Many2one(
        "oiconnect.gracethd.grid",
        "Grid",
        default=lambda self: self._default_grid(),
        ondelete="restrict",
        index="btree_not_null",
        help="What the contract wants: columns that are due, levels of the checks",
    )
    gracethd_version = fields.Char("Version found", readonly=True, copy=False)
    gracethd_epsg = fields.Integer(
        "Projection (EPSG)", readonly=True, copy=False, aggregator=None
    )
    gracethd_scope = fields.Text("Scope", readonly=True, copy=False)
    gracethd_notice = fields.Text(
        "Doubt about the delivery", compute="_compute_gracethd_notice"
    )
    gracethd_table_ids = fields.One2many(
        "oiconnect.gracethd.table", "import_id", "Tables", readonly=True
    )
    gracethd_kept = fields.Char(
        "Tables kept as they are", compute="_compute_gracethd_kept"
    )
    has_placed_errors = fields.Boolean(compute="_compute_has_placed_errors")

    @api.model
    def _default_grid(self):
        return self.env["oiconnect.gracethd.grid"].search(Domain.TRUE, limit=1)

    @api.depends("error_ids.latitude")
    def _compute_has_placed_errors(self):
        errors = self.env["oiconnect.import.error"]
        deliveries = self.filtered(lambda record: record.kind == KIND)
        (self - deliveries).has_placed_errors = False
        for record in deliveries:
            domain = Domain("import_id", "=", record._origin.id)
            domain &= Domain("latitude", "!=", 0)
            record.has_placed_errors = bool(errors.search_count(domain, limit=1))

    @api.depends("gracethd_table_ids.is_kept_as_is", "gracethd_table_ids.row_count")
    @api.depends_context("lang")
    def _compute_gracethd_kept(self):
        for record in self:
            tables = record.gracethd_table_ids.filtered("is_kept_as_is")
            record.gracethd_kept = bool(tables) and self.env._(
                "Rows: %(count)s (%(tables)s)",
                count=sum(tables.mapped("row_count")),
                tables=", ".join(tables.mapped("table_name")),
            )

    def write(self, vals):
        if "gracethd_grid_id" in vals and "state" not in vals:
            self._check_file_open()
            self.sudo()._reopen()
        return super().write(vals)

    @api.depends("sha256", "network_id", "applied_date", "state")
    @api.depends_context("lang")
    def _compute_gracethd_notice(self):
        for record in self:
            lines = record._notice_lines() if record._is_delivery() else ()
            record.gracethd_notice = "\n".join(lines)

    def _notice_lines(self):
        """Yield why the delivery may be the wrong one, or one too many."""
        if self.applied_date:
            return
        own = Domain("id", "!=", self._origin.id) & Domain("applied_date", "!=", False)
        own &= Domain("kind", "=", KIND) & Domain("sha256", "=", self.sha256)
        here = Domain("network_id", "=", self.network_id.id)
        for domain in (here, ~here):
            known = self.sha256 and self.search(
                own & domain, order="applied_date desc", limit=1
            )
            if known:
                yield self._known_text(known)
        taken = self.error_ids.search_count(
            [("import_id", "=", self._origin.id), ("message_key", "=", ELSEWHERE)]
        )
        if taken:
            yield self.env._(
                "PMs of the delivery that another network has: %s. Check that the "
                "delivery is for this network before you import it.",
                taken,
            )

    def _known_text(self, known):
        date = fields.Datetime.context_timestamp(self, known.applied_date)
        date = format_date(self.env, date)
        if known.network_id == self.network_id:
            return self.env._(
                "This very delivery was imported on %s: importing it again gives back "
                "what was changed since, and nothing else.",
                date,
            )
        return self.env._(
            "This very delivery was imported on %(date)s into the network %(network)s: "
            "check that it is for this one.",
            date=date,
            network=known.network_id.display_name,
        )

    def _is_delivery(self):
        return self.kind == KIND

    # ------------------------------------------------------------------
    # The file
    # ------------------------------------------------------------------

    def _detect(self, raw):
        """Tell a delivery by its tables; leave other files to the other kinds."""
        limits = self._limits()
        limits = Limits(size=limits.size, ratio=limits.ratio)
        version = delivery_version(raw, limits, self.file_name or "")
        if not version:
            return super()._detect(raw)
        return Detected(KIND, version, False, False, "")

    @api.model
    def _error_text(self, error):
        is_ours = error.reason in MESSAGES
        if is_ours:
            sentence = message_text(self.env, error.reason, error.params)
        else:
            sentence = super()._error_text(error)
        templates = MESSAGES if is_ours else BULK_MESSAGES
        file = error.params.get("file")
        if not file or "%(file)s" in templates.get(error.reason, ""):
            return sentence
        return self.env._("%(file)s: %(problem)s", file=file, problem=sentence)

    # ------------------------------------------------------------------
    # The check
    # ------------------------------------------------------------------

    def _reader(self):
        return DeliveryWork if self._is_delivery() else super()._reader()

    def _work(self):
        if not self._is_delivery():
            return super()._work()
        report = self.env["oiconnect.import.progress"]._reporter(self)
        if hasattr(report, "spans"):
            report.spans = _SPANS
        grid = self.gracethd_grid_id.sudo()
        work = DeliveryWork(self, grid._levels(), grid._due(), report)
        with self._open_file() as raw:
            return work.run(raw, self._limits())

    @api.model
    def _result_tables(self):
        return (*super()._result_tables(), "oiconnect_gracethd_table")

    def _forget_results(self):
        self.write(
            {
                "gracethd_version": False,
                "gracethd_epsg": False,
                "gracethd_scope": False,
                "gracethd_examples": False,
            }
        )
        return super()._forget_results()

    def _keep_results(self, outcome, state, message):
        super()._keep_results(outcome, state, message)
        if not self._is_delivery():
            return
        self.env["oiconnect.gracethd.table"].create(
            [{"import_id": self.id, **table} for table in outcome.tables]
        )
        self.write(
            {
                "gracethd_version": outcome.version,
                "gracethd_epsg": outcome.epsg,
                "gracethd_scope": outcome.scope,
                "gracethd_examples": outcome.choices,
            }
        )

    def _verdict(self, outcome):
        blocked = self._is_delivery() and not self.dry_run and outcome.is_blocked
        if not blocked:
            return super()._verdict(outcome)
        return "refused", self.env._(
            "Nothing was applied: have the errors of the delivery fixed."
        )

    def _exceeds(self, counts):
        """A delivery names what it abandons: nothing is so by being left out."""
        return not self._is_delivery() and super()._exceeds(counts)

    def action_view_errors(self):
        action = super().action_view_errors()
        if self._is_delivery():
            action["context"] |= {"search_default_group_table": 1}
        if self.has_placed_errors:
            action["context"] |= {"gracethd_import_id": self.id}
        return action

    def action_show_errors_on_map(self):
        """Open the map on all errors of the delivery that have a place."""
        self.ensure_one()
        errors = self.env["oiconnect.import.error"]
        return errors.with_context(gracethd_import_id=self.id).action_show_all_on_map()

    # ------------------------------------------------------------------
    # Errors as a file
    # ------------------------------------------------------------------

    def _write_errors(self, target):
        """Write what is wrong with a delivery, all levels, to a binary stream."""
        if not self._is_delivery():
            return super()._write_errors(target)
        text = io.TextIOWrapper(target, encoding="utf-8-sig", newline="")
        rows = csv.writer(text, delimiter=";", lineterminator="\r\n")
        rows.writerow(
            [
                self.env._("Table"),
                self.env._("File"),
                self.env._("Row"),
                self.env._("Column"),
                self.env._("Value"),
                self.env._("Rule"),
                self.env._("Level"),
                self.env._("What to do"),
                self.env._("Latitude"),
                self.env._("Longitude"),
            ]
        )
        rows.writerows(self._delivery_error_rows())
        text.detach()
        return None

    def _delivery_error_rows(self):
        errors = self.env["oiconnect.import.error"]
        levels = dict(errors._fields["level"]._description_selection(self.env))
        last = 0
        domain = Domain("import_id", "=", self.id)
        while page := errors.search(
            domain & Domain("id", ">", last), order="id", limit=_PAGE
        ):
            for error in page:
                place = [error.latitude or "", error.longitude or ""]
                yield [
                    error.table_name or "",
                    error.file or "",
                    error.line or "",
                    error.column or "",
                    escape_formula(error.value or ""),
                    error.code or "",
                    levels.get(error.level, ""),
                    error.message,
                    *place,
                ]
            last = page[-1].id
            page.invalidate_recordset()
