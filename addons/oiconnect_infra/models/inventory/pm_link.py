from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from odoo.addons.oiconnect_base.resource import Resource

from ...const import NETWORK_STATES
from ..mixins.neighbours import neighbour_count

_lt = LazyTranslate(__name__)

_COUNTED = ("capacity", "used_fibre_count")


class PmLink(models.Model):
    """Link of fibres between a PM and its PRDM."""

    _name = "oiconnect.pm.link"
    _description = "PM / PRDM link"
    _resource = Resource(
        "pm-links", sorts=("reference",), ends=("pm_id", "prdm_id"), line="id"
    )
    _created_text = _lt("PM / PRDM link created")
    _inherit = [
        "oiconnect.infra.mixin",
        "oiconnect.published",
        "oiconnect.abandonable",
        "oiconnect.technical.part",
        "mail.thread",
        "oiconnect.capacity",
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
    _used_by_fields = ("fibre_ids",)
    _capacity_depends = ("capacity", "used_fibre_count", "fibre_ids.state")

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
    fibre_ids = fields.One2many("oiconnect.pm.link.fibre", "link_id", "Fibres listed")
    link_fibre_count = neighbour_count("Number of fibres listed")
    # Of fibres: a link has no route
    capacity_total = fields.Integer("Fibres in all")
    capacity_free = fields.Integer("Fibres still free", help="")
    capacity_wired = fields.Integer("Free fibres at a socket", help="")
    capacity_reserved = fields.Integer("Reserved fibres")
    capacity_used = fields.Integer("Used fibres")
    capacity_out = fields.Integer("Fibres out of service")
    capacity_bare = fields.Integer("Fibres without a route", help="")

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

    @api.model
    def _neighbour_counts(self):
        return super()._neighbour_counts() | {"link_fibre_count": "fibre_ids"}

    # ------------------------------------------------------------------
    # Fibres listed one by one
    # ------------------------------------------------------------------

    def write(self, vals):
        if not vals.keys().isdisjoint(_COUNTED):
            self._refuse_other_counts(vals)
        return super().write(vals)

    def _refuse_other_counts(self, vals):
        if self.env.context.get("oiconnect_fibres_counted"):
            return
        for link in self:
            changed = any(
                name in vals and vals[name] != link[name] for name in _COUNTED
            )
            if changed and link.sudo().fibre_ids:
                raise ValidationError(
                    self.env._(
                        "The fibres of link %s are listed one by one: its capacity "
                        "and its used fibres are counted. Change the fibres instead.",
                        link.reference,
                    )
                )

    def _count_fibres(self):
        """Write the capacity and the used fibres that the fibres say."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                SELECT link_id, count(*), count(*) FILTER (WHERE state <> 'free')
                FROM oiconnect_pm_link_fibre WHERE link_id = ANY(%s) GROUP BY link_id
                """,
                self.ids,
            )
        )
        counts = {link_id: row for link_id, *row in self.env.cr.fetchall()}
        for link in self.sudo().with_context(oiconnect_fibres_counted=True):
            capacity, used = counts.get(link.id, (link.capacity, 0))
            if (link.capacity, link.used_fibre_count) != (capacity, used):
                link.write({"capacity": capacity, "used_fibre_count": used})

    # ------------------------------------------------------------------
    # Capacity
    # ------------------------------------------------------------------

    def _capacity_counts_sql(self, alias):
        """Count the fibres listed, or the two numbers of a link that lists none."""
        return SQL(
            """
            SELECT CASE WHEN count(id) > 0 THEN count(id)
                        ELSE COALESCE(%(capacity)s, 0) END AS total,
                   CASE WHEN count(id) > 0 THEN count(id) FILTER (WHERE state = 'free')
                        ELSE COALESCE(%(capacity)s, 0) - COALESCE(%(used)s, 0)
                        END AS free,
                   0 AS wired,
                   count(id) FILTER (WHERE state = 'reserved') AS reserved,
                   CASE WHEN count(id) > 0 THEN count(id) FILTER (WHERE state = 'used')
                        ELSE COALESCE(%(used)s, 0) END AS used,
                   count(id) FILTER (WHERE state = 'out_of_service') AS out
              FROM oiconnect_pm_link_fibre WHERE link_id = %(link)s
            """,
            capacity=SQL.identifier(alias, "capacity"),
            used=SQL.identifier(alias, "used_fibre_count"),
            link=SQL.identifier(alias, "id"),
        )

    def _flush_capacity(self):
        self.flush_model(["network_id", "capacity", "used_fibre_count"])
        self.env["oiconnect.pm.link.fibre"].flush_model(["link_id", "state"])
