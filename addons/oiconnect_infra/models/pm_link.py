from odoo import api, fields, models
from odoo.tools.translate import LazyTranslate

from ..const import NETWORK_STATES

_lt = LazyTranslate(__name__)


class PmLink(models.Model):
    """Link of fibres between a PM and its PRDM."""

    _name = "oiconnect.pm.link"
    _description = "PM / PRDM link"
    _created_text = _lt("PM / PRDM link created")
    _inherit = [
        "oiconnect.infra.mixin",
        "oiconnect.published",
        "oiconnect.abandonable",
        "oiconnect.technical.part",
        "mail.thread",
    ]
    _order = "reference"
    _rec_name = "reference"
    _same_network_fields = ("pm_id", "prdm_id", "nro_id")
    _tracked_fields = (
        "reference",
        "state",
        "pm_id",
        "prdm_id",
        "nro_id",
        "technical_pm_id",
        "installation_date",
        "length_km",
        "capacity",
        "used_fibre_count",
    )

    reference = fields.Char(size=50, required=True, index="trigram", copy=False)
    state = fields.Selection(
        NETWORK_STATES, required=True, default="planned", index=True, tracking=True
    )
    pm_id = fields.Many2one(
        "oiconnect.pm", "PM", required=True, ondelete="restrict", index=True
    )
    prdm_id = fields.Many2one("oiconnect.prdm", "PRDM", ondelete="restrict", index=True)
    nro_id = fields.Many2one(
        "oiconnect.nro",
        "NRO",
        compute="_compute_nro_id",
        store=True,
        precompute=True,
        readonly=False,
        ondelete="restrict",
        index="btree_not_null",
        help="That of the PRDM; the link of a large PM goes to its NRO without any",
    )
    installation_date = fields.Date(
        "Installed on", help="Forecast until the link is deployed"
    )
    length_km = fields.Float("Length (km)", digits=(8, 2))
    capacity = fields.Integer("Fibres")
    used_fibre_count = fields.Integer(
        "Fibres not free",
        copy=False,
        help="Used, reserved or out of service",
    )
    free_fibre_count = fields.Integer(
        "Free fibres", compute="_compute_free_fibre_count", store=True, precompute=True
    )

    # Also the order of the list: … order by reference limit n
    _reference_uniq = models.Constraint(
        "UNIQUE (reference, network_id)",
        "A link with this reference exists on the network.",
    )
    _fibres_range = models.Constraint(
        "CHECK (COALESCE(used_fibre_count, 0) BETWEEN 0 AND COALESCE(capacity, 0))",
        "The used fibres of a link are at most its fibres.",
    )
    _end_present = models.Constraint(
        "CHECK (prdm_id IS NOT NULL OR nro_id IS NOT NULL)",
        "A link goes from the PM to a PRDM or to an NRO: choose one.",
    )
    _length_positive = models.Constraint(
        "CHECK (length_km >= 0)", "The length of a link is not negative."
    )

    @api.depends("capacity", "used_fibre_count")
    def _compute_free_fibre_count(self):
        for link in self:
            link.free_fibre_count = link.capacity - link.used_fibre_count

    @api.depends("prdm_id.nro_id")
    def _compute_nro_id(self):
        for link in self:
            link.nro_id = link.prdm_id.nro_id or link.nro_id

    @api.onchange("pm_id")
    def _onchange_pm_id(self):
        if self.pm_id.prdm_id:
            self.prdm_id = self.pm_id.prdm_id
        elif self.pm_id.nro_id:
            self.nro_id = self.pm_id.nro_id
