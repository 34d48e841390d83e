from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools.translate import LazyTranslate

from odoo.addons.oiconnect_base.time_zone import local_today

from ...const import NETWORK_STATES, PM_DESCRIPTION
from ...rules import PM
from ...rules.paths import PM_PATH
from ..mixins.neighbours import neighbour_count
from .technical_pm import VISITED_FIELDS

_lt = LazyTranslate(__name__)

#: a PM opens so long after it was first made available to an operator
NOTICE = relativedelta(months=3)


class Pm(models.Model):
    """Shared point: where operators take the fibres of their customers.

    The columns are those of the IPE file (26 to 69), in its order.
    """

    _name = "oiconnect.pm"
    _description = "PM"
    _created_text = _lt("PM created")
    _inherit = [
        "oiconnect.known.key",
        "oiconnect.checked",
        "oiconnect.state.path",
        "oiconnect.infra.mixin",
        "oiconnect.picked",
        "oiconnect.capacity",
        "oiconnect.published",
        "oiconnect.abandonable",
        "oiconnect.located",
        "oiconnect.technician.files",
        "oiconnect.addressed",
        "oiconnect.visited",
        "mail.thread",
    ]
    _capacity_column = "pm_id"
    _capacity_ends = ("oiconnect.pm.position", "pm_id", "position_id")
    _order = "reference"
    _rec_name = "reference"
    _rec_names_search = ["reference", "address"]
    _used_by_fields = (
        "building_ids",
        "pbo_ids",
        "link_ids",
        "module_ids",
        "cable_ids",
        "box_ids",
        "technical_pm_ids",
        "batch_ids",
    )
    _same_network_fields = ("prdm_id", "nro_id", "lot_id")
    _tracked_fields = (
        "reference",
        *PM_DESCRIPTION,
        "projection",
        "x",
        "y",
        "lot_id",
        "active_equipment_slot",
        "address_quality",
        "first_delivery_date",
        "oi_patching_only",
        "recovery_date",
        "prdm_id",
        "nro_id",
        "max_line_length_km",
        "authorisation",
        *VISITED_FIELDS,
    )
    _undated_fields = VISITED_FIELDS
    _rule_target = PM
    _known_states = ("deploying", "deployed")
    _path_manager_group = "oiconnect_base.group_link_manager"
    _fixed_once_set = ("first_delivery_date",)

    reference = fields.Char(size=20, required=True, index="trigram", copy=False)
    state = fields.Selection(
        NETWORK_STATES, required=True, default="planned", index=True, tracking=True
    )
    authorisation = fields.Selection(
        [("open", "Open"), ("closed", "Closed"), ("frozen", "Frozen")],
        "Ordering",
        required=True,
        default="open",
        tracking=True,
        help="Whether operators may order at this PM. Frozen: not for the moment.",
    )
    installation_date = fields.Date(
        "Installed on", help="Forecast until the PM is deployed"
    )
    location_type = fields.Selection(
        [
            ("cabinet", "Street cabinet"),
            ("shelter", "Shelter"),
            ("room", "Technical room"),
            ("outdoor", "Outdoor"),
            ("indoor", "Indoor"),
        ]
    )
    comment = fields.Text(help="What helps to find the PM")
    max_capacity = fields.Integer("Maximum capacity", aggregator=None)
    address = fields.Char(index="trigram")
    engineering_type = fields.Char(
        size=254, help="MONO, BI, QUADRI or a value of the contract"
    )
    dwelling_count = fields.Integer(
        "Dwellings", help="All dwellings behind the PM, in any state"
    )
    riser_count = fields.Integer("Risers", aggregator=None)
    commercial_date = fields.Date("Commercial opening")
    native_consultation = fields.Char(size=60)
    technical_pm_count = fields.Integer("Number of technical PMs", aggregator=None)
    technical_reference = fields.Char(
        compute="_compute_technical_reference",
        help="Of the only technical PM, when the PM groups no others",
    )
    lot_id = fields.Many2one(
        "oiconnect.lot",
        ondelete="restrict",
        index="btree_not_null",
        help="PMs of one co-financing call",
    )
    active_equipment_slot = fields.Boolean(
        help="An operator may place powered equipment at the PM"
    )
    address_quality = fields.Selection(
        [("precise", "Precise"), ("approximate", "Approximate")]
    )
    first_delivery_date = fields.Date(
        "First made available", help="To the first operator. Never changes afterwards."
    )
    oi_patching_only = fields.Boolean("Patching by us only")
    recovery_date = fields.Date("Usable again on")
    max_line_length_km = fields.Float(
        "Longest line (km)", digits=(8, 2), aggregator="max"
    )
    prdm_id = fields.Many2one(
        "oiconnect.prdm", "PRDM", ondelete="restrict", index="btree_not_null"
    )
    nro_id = fields.Many2one(
        "oiconnect.nro",
        "NRO",
        compute="_compute_nro_id",
        store=True,
        precompute=True,
        readonly=False,
        ondelete="restrict",
        index="btree_not_null",
        help="That of the PRDM; a large PM reaches its NRO without any",
    )
    building_ids = fields.One2many("oiconnect.building", "pm_id", "Buildings")
    pbo_ids = fields.One2many("oiconnect.pbo", "pm_id", "PBOs")
    link_ids = fields.One2many("oiconnect.pm.link", "pm_id", "Links")
    module_ids = fields.One2many("oiconnect.pm.module", "pm_id", "Modules")
    cable_ids = fields.One2many("oiconnect.pbo.cable", "pm_id", "Cables")
    box_ids = fields.One2many("oiconnect.splice.box", "pm_id", "Splice boxes")
    route_ids = fields.One2many("oiconnect.route", "pm_id", "Routes")
    technical_pm_ids = fields.One2many(
        "oiconnect.technical.pm", "pm_id", "Technical PMs"
    )
    batch_ids = fields.One2many("oiconnect.pb.batch", "pm_id", "PB batches")
    building_count = neighbour_count("Number of buildings")
    pbo_count = neighbour_count("Number of PBOs")
    module_count = neighbour_count("Number of modules")
    cable_count = neighbour_count("Number of cables")
    route_count = neighbour_count("Number of routes")
    link_count = neighbour_count("Number of links")
    batch_count = neighbour_count("Number of PB batches")
    capacity_bare = fields.Integer("Positions without a route")
    # One at most
    zone_ids = fields.One2many("oiconnect.zone", "pm_id", "Rear zone", copy=False)

    # Also the order of the list: … order by reference limit n
    _reference_uniq = models.Constraint(
        "UNIQUE (reference, network_id)",
        "A PM with this reference exists on the network.",
    )
    _counts_positive = models.Constraint(
        "CHECK (max_capacity >= 0 AND dwelling_count >= 0 AND riser_count >= 0"
        " AND technical_pm_count >= 0)",
        "Capacity, dwellings, risers and technical PMs are not negative.",
    )
    _max_line_length_positive = models.Constraint(
        "CHECK (max_line_length_km >= 0)", "The length of a line is not negative."
    )

    @api.depends("prdm_id.nro_id")
    def _compute_nro_id(self):
        for pm in self:
            pm.nro_id = pm.prdm_id.nro_id or pm.nro_id

    @api.depends("technical_pm_ids.reference")
    def _compute_technical_reference(self):
        for pm in self:
            technical = pm.technical_pm_ids
            pm.technical_reference = len(technical) == 1 and technical.reference

    @api.depends("first_delivery_date")
    def _compute_state_warning(self):
        result = super()._compute_state_warning()
        for pm in self:
            pm.state_warning = pm.state_warning or pm._first_delivery_warning()
        return result

    def _first_delivery_warning(self):
        before = self._origin
        return bool(before) and before._change_of_fixed(
            "first_delivery_date", self.first_delivery_date
        )

    # ------------------------------------------------------------------
    # State and dates
    # ------------------------------------------------------------------

    def _path(self):
        return PM_PATH

    @api.onchange("state")
    def _onchange_state_deployed(self):
        """Propose the dates of a PM that is deployed before any operator came."""
        if self.state == "deployed" and not self.first_delivery_date:
            today = local_today()
            self.installation_date = min(self.installation_date or today, today)
            self.first_delivery_date = self.installation_date
            self._onchange_first_delivery_date()

    @api.onchange("first_delivery_date")
    def _onchange_first_delivery_date(self):
        if self.first_delivery_date:
            self.commercial_date = self.first_delivery_date + NOTICE

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._with_opening(vals) for vals in vals_list])

    def copy_data(self, default=None):
        """Dates and states belong to one PM only: a copy starts as planned."""
        fresh = {
            "state": "planned",
            "installation_date": False,
            "commercial_date": False,
            "first_delivery_date": False,
            "recovery_date": False,
        }
        return super().copy_data(fresh | (default or {}))

    @api.model
    def _with_opening(self, vals):
        first = vals.get("first_delivery_date")
        if not first or vals.get("commercial_date"):
            return vals
        return vals | {"commercial_date": fields.Date.to_date(first) + NOTICE}

    # ------------------------------------------------------------------
    # Rear zone
    # ------------------------------------------------------------------

    def action_view_zone(self):
        """Open the zone of the PM; make it around its buildings if there is none."""
        self.ensure_one()
        zones = self.env["oiconnect.zone"]
        if not self.zone_ids and zones.has_access("create"):
            zones.sudo()._follow_buildings(self.ids)
            self.invalidate_recordset(["zone_ids"])
        return self.env["ir.actions.act_window"]._for_xml_id(
            "oiconnect_infra.zone_action"
        ) | {
            "domain": [("pm_id", "=", self.id)],
            "context": {"default_pm_id": self.id},
        }
