from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools.translate import LazyTranslate

from odoo.addons.oiconnect_infra.geo import projection as geo

from ..export.codes import DIGITS

_lt = LazyTranslate(__name__)

FORMATS = [
    ("2.0.2", "2.0.2 (csv and shapefiles)"),
    ("3.0", "3.0 (GeoPackage)"),
    ("3.0_files", "3.0 (csv and shapefiles)"),
]
# Projections of the standard: in metres, Lambert-93 and its zones, and overseas
PROJECTIONS = [
    (name, label)
    for name, label in (geo.LABELS | geo.SURVEY_LABELS).items()
    if name not in ("WGS84", "LAMB2E")
]
_OVERSEAS = ("RGFG95", "RGR92", "RGM04", "RGSPM06", "RGAF09")
BUSY = ("waiting", "running")
# States in which the scope may change
OPEN = ("draft", "failed", "cancelled")


class GracethdExport(models.Model):
    """A delivery in GraceTHD of a part of the network: chosen PMs, or whole NROs."""

    _name = "oiconnect.gracethd.export"
    _description = "GraceTHD export"
    _created_text = _lt("GraceTHD export created")
    _inherit = [
        "oiconnect.network.mixin",
        "oiconnect.background.run",
        "oiconnect.chatter",
    ]
    _order = "id desc"
    _creation_fields = ("network_id",)
    _free_fields = (
        "version",
        "projection",
        "pm_ids",
        "nro_ids",
        "first_code",
        "last_code",
    )

    state = fields.Selection(
        [
            ("draft", "To prepare"),
            ("waiting", "Waiting"),
            ("running", "Being made"),
            ("done", "Ready"),
            ("failed", "Failed"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
    )
    version = fields.Selection(FORMATS, required=True, default="2.0.2")
    projection = fields.Selection(
        PROJECTIONS,
        compute="_compute_projection",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
    )
    pm_ids = fields.Many2many(
        "oiconnect.pm",
        "oiconnect_gracethd_export_pm_rel",
        "export_id",
        "pm_id",
        "PMs",
        domain="[('network_id', '=?', network_id)]",
    )
    nro_ids = fields.Many2many(
        "oiconnect.nro",
        "oiconnect_gracethd_export_nro_rel",
        "export_id",
        "nro_id",
        "NROs",
        domain="[('network_id', '=?', network_id)]",
        help="With all their PMs, and the cables that lead to several of them",
    )
    first_code = fields.Char(
        "New codes from",
        size=DIGITS,
        compute="_compute_codes",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
        help="What has no code yet gets two letters and a number of this range, which "
        "your contract gives you",
    )
    last_code = fields.Char(
        "New codes up to",
        size=DIGITS,
        compute="_compute_codes",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
    )
    name = fields.Char("File name", readonly=True, copy=False)
    file = fields.Binary(
        attachment=True, readonly=True, copy=False, groups="base.group_allow_export"
    )
    size = fields.Float("Size (MB)", digits=(12, 1), readonly=True, copy=False)
    row_count = fields.Integer(
        "Rows written", readonly=True, copy=False, aggregator=None
    )
    message = fields.Char("What happened", readonly=True, copy=False)
    start_date = fields.Datetime("Started on", readonly=True, copy=False)
    end_date = fields.Datetime("Ended on", readonly=True, copy=False)

    @api.depends("network_id")
    def _compute_projection(self):
        """Overseas networks have their own; the others are in Lambert-93."""
        for export in self:
            overseas = self.env["oiconnect.pm"].search(
                [
                    ("network_id", "=", export.network_id.id),
                    ("projection", "in", _OVERSEAS),
                ],
                limit=1,
            )
            export.projection = overseas.projection or "RGF93"

    @api.depends("network_id")
    def _compute_codes(self):
        """The range of a network stays that of its last export."""
        for export in self:
            last = self.search([("network_id", "=", export.network_id.id)], limit=1)
            export.first_code = last.first_code or "1".zfill(DIGITS)
            export.last_code = last.last_code or "9" * DIGITS

    @api.depends("name", "version")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for export in self:
            export.display_name = export.name or self.env._(
                "GraceTHD %s export", (export.version or "").removesuffix("_files")
            )

    @api.constrains("first_code", "last_code")
    def _check_codes(self):
        for export in self:
            codes = (export.first_code or "", export.last_code or "")
            if not all(code.isascii() and code.isdigit() for code in codes):
                raise ValidationError(
                    self.env._("A range of codes is of numbers: at most 12 digits.")
                )
            if int(codes[0]) > int(codes[1]):
                raise ValidationError(
                    self.env._("The range of codes ends before it begins: swap them.")
                )

    @api.constrains("pm_ids", "nro_ids", "network_id")
    def _check_one_network(self):
        for export in self.sudo():
            if (export.pm_ids.network_id | export.nro_ids.network_id) - (
                export.network_id
            ):
                raise ValidationError(
                    self.env._(
                        "An export is of one network: choose its PMs and NROs only."
                    )
                )

    def write(self, vals):
        """What was exported says for good what it was made of."""
        is_free = not vals.keys().isdisjoint(GracethdExport._free_fields)
        if is_free and any(export.state not in OPEN for export in self):
            raise UserError(
                self.env._("This export is made, or being made: make another one.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_busy(self):
        if any(export.state in BUSY for export in self):
            raise UserError(self.env._("This export is being made: stop it first."))

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------

    def action_export(self):
        """Make the file, in the background."""
        self._check_may_export()
        for export in self:
            if export.state not in OPEN:
                raise UserError(
                    self.env._("This export is made, or being made: make another one.")
                )
            if not export.pm_ids and not export.nro_ids:
                raise UserError(self.env._("Choose the PMs or the NROs to export."))
        self.sudo()._queue()

    def action_cancel(self):
        self._check_may_export()
        exports = self.sudo().filtered(lambda export: export.state in BUSY)
        # Also those whose job was lost, with a restored backup for instance
        idle = exports.filtered(
            lambda export: export.state == "waiting" or not export._has_job()
        )
        idle._close("cancelled", idle._cancelled_text())
        (exports - idle)._ask_to_stop()

    def action_download(self):
        self.ensure_one()
        self._check_may_export("read")
        if self.state != "done":
            raise UserError(
                self.env._("The file is not ready: wait for the end of the export.")
            )
        place = f"/web/content/{self._name}/{self.id}/file"
        return {
            "type": "ir.actions.act_url",
            "url": f"{place}/{self.name}?download=true",
            "target": "download",
        }

    def _check_may_export(self, operation="write"):
        self.check_access(operation)
        if not self.env.user.has_group("base.group_allow_export"):
            raise AccessError(self.env._("You may not export: ask for the right."))
