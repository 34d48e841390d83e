from odoo import api, fields, models
from odoo.tools.translate import LazyTranslate

from ...const import ADDRESS
from ...rules import BUILDING
from ...rules.paths import BUILDING_PATHS
from ..mixins.neighbours import neighbour_count
from .manager import COLUMNS as MANAGER_COLUMNS

_lt = LazyTranslate(__name__)

_STATES = [
    ("target", "Target"),
    ("signed", "Signed"),
    ("on_demand", "Connectable on demand"),
    ("on_demand_deploying", "On demand, being deployed"),
    ("deploying", "Being deployed"),
    ("deployed", "Deployed"),
    ("abandoned", "Abandoned"),
]

#: state that a building enters: state of the addresses behind its PBO that follow it.
#: A PBO is ordered, and its order withdrawn, for all of them.
_TAKEN_ALONG = {
    "on_demand_deploying": "on_demand",
    "on_demand": "on_demand_deploying",
}


class Building(models.Model):
    """Address or building that the network reaches or will reach.

    The columns are those of the IPE file (1 to 25, 43, 49 to 78), in its order.
    """

    _name = "oiconnect.building"
    _description = "Building"
    _created_text = _lt("Building created")
    _inherit = [
        "oiconnect.known.key",
        "oiconnect.checked",
        "oiconnect.state.path",
        # Before the history, which tells the columns that it gives
        "oiconnect.managed",
        "oiconnect.infra.mixin",
        "oiconnect.picked",
        "oiconnect.published",
        "oiconnect.abandonable",
        "oiconnect.located",
        "oiconnect.addressed",
        "mail.thread",
    ]
    _order = "identifier, id"
    _rec_names_search = ["identifier", "address"]
    _used_by_fields = ("pto_ids", "batch_ids")
    _same_network_fields = ("pm_id", "manager_id")
    _tracked_fields = (
        "identifier",
        *ADDRESS,
        "dwelling_count",
        "state",
        "agreement_date",
        *MANAGER_COLUMNS,
        "cabling_date",
        "pm_id",
        "dedicated_fibre_free",
        "building_type",
        "projection",
        "x",
        "y",
        "manager_agreement_required",
        "zone_type",
        "street_code",
        "commercial_date",
        "is_new",
        "expected_delivery_date",
        "on_demand_eligible",
        "order_acceptance_date",
        "order_report_date",
        "line_length_km",
        "syndic_conditions",
        "ban_code",
        "pbo_type_id",
        "connection_type_id",
        "thd_plan_part",
        "rnb_code",
        "rnb_date",
        "access_code",
        "contacts",
        "syndic_contacts",
        "pbo_ids",
    )
    _undated_fields = ("access_code", "contacts", "syndic_contacts", "pbo_ids")
    _rule_target = BUILDING
    _known_key = "identifier"
    # Those where operators order
    _known_states = ("deployed", "on_demand", "on_demand_deploying")

    identifier = fields.Char(size=30, index="trigram", copy=False)
    state = fields.Selection(_STATES, required=True, default="target", tracking=True)
    dwelling_count = fields.Integer("Dwellings", default=1, index=True)
    cabling_date = fields.Date(
        "Cabled on", help="Forecast until the building is deployed"
    )
    pm_id = fields.Many2one("oiconnect.pm", "PM", ondelete="restrict", tracking=True)
    dedicated_fibre_free = fields.Boolean("Dedicated fibre free")
    building_type = fields.Selection(
        [("house", "House"), ("building", "Building")], "Type"
    )
    commune_id = fields.Many2one(index=False)
    address = fields.Char(index="trigram")
    address_code = fields.Char(index="btree_not_null")
    zone_type = fields.Selection(
        [
            ("1", "Very dense, high density"),
            ("2", "Very dense, low density"),
            ("3", "Less dense"),
        ],
        "Zone",
    )
    street_code = fields.Char(size=10, help="Hexaclé of the street")
    commercial_date = fields.Date("Commercial opening")
    is_new = fields.Boolean("Under construction")
    expected_delivery_date = fields.Date(
        "Delivery of the building", help="Forecast of the builder"
    )
    on_demand_eligible = fields.Boolean("May become connectable on demand")
    order_acceptance_date = fields.Date("Orders accepted from")
    order_report_date = fields.Date("Orders answered from")
    line_length_km = fields.Float(
        "Length of the line (km)", digits=(8, 2), aggregator="max"
    )
    syndic_conditions = fields.Text("Manager's conditions")
    ban_code = fields.Char("BAN code", size=24)
    pbo_type_id = fields.Many2one("oiconnect.pbo.type", "PBO type", ondelete="restrict")
    connection_type_id = fields.Many2one(
        "oiconnect.pbo.connection.type", "Path to the socket", ondelete="restrict"
    )
    thd_plan_part = fields.Char("Part of the Plan France THD", size=60)
    rnb_code = fields.Char("RNB code", size=12)
    rnb_date = fields.Date("RNB link on")
    access_code = fields.Char("Access code of the building", size=256)
    contacts = fields.Text("Contacts in the building")
    syndic_contacts = fields.Text("Manager's contacts")
    level_ids = fields.One2many("oiconnect.building.level", "building_id", "Levels")
    pto_ids = fields.One2many("oiconnect.pto", "building_id", "PTOs")
    route_ids = fields.One2many("oiconnect.route", "building_id", "Routes")
    pbo_ids = fields.Many2many(
        "oiconnect.pbo", "oiconnect_building_pbo_rel", "building_id", "pbo_id", "PBOs"
    )
    batch_ids = fields.Many2many(
        "oiconnect.pb.batch",
        "oiconnect_pb_batch_building_rel",
        "building_id",
        "batch_id",
        "PB batches",
        copy=False,
    )
    pbo_count = neighbour_count("Number of PBOs")
    pto_count = neighbour_count("Number of PTOs")
    route_count = neighbour_count("Number of routes")

    # Also the order of the list: … order by identifier, id limit n
    _identifier_uniq = models.Constraint(
        "UNIQUE (identifier, network_id)",
        "A building with this identifier exists on the network.",
    )
    _address_uniq = models.UniqueIndex(
        "(address_code, COALESCE(building_name, ''), network_id)"
        " WHERE identifier IS NULL AND address_code IS NOT NULL",
        "A building without identifier exists at this address code: "
        "give one of them an identifier or another building name.",
    )
    # List filtered on a state; statistics, which read nothing else: select state,
    # count(*) where network_id in x and company_id in c and create_date >= d group by
    # state. Equal keys are stored once: those of an import are small.
    _state_idx = models.Index("(state, network_id, company_id, create_date)")
    # Buildings and dwellings of a PM by state: pm_id = x and state = y
    _pm_state_idx = models.Index("(pm_id, state)")
    # List of a commune: commune_id = x order by identifier limit n
    _commune_idx = models.Index("(commune_id, identifier)")
    # Check of an ordered address: insee_code = x and rivoli_code = y and number = z
    _rivoli_idx = models.Index("(insee_code, rivoli_code, street_number)")
    # Check of an ordered address: street_code = x and street_number = y
    _street_code_idx = models.Index(
        "(street_code, street_number) WHERE street_code IS NOT NULL"
    )
    # Judged again, since the last check of the rules: write_date >= x
    _write_date_idx = models.Index("(write_date)")
    # Map: latitude between a and b and longitude between c and d
    _place_idx = models.Index("(latitude, longitude) WHERE latitude <> 0")
    _dwelling_count_positive = models.Constraint(
        "CHECK (dwelling_count >= 0)", "The number of dwellings is not negative."
    )
    _line_length_positive = models.Constraint(
        "CHECK (line_length_km >= 0)", "The length of a line is not negative."
    )
    _order_dates = models.Constraint(
        "CHECK (order_report_date >= order_acceptance_date)",
        "Orders are accepted before they are answered: check the two dates.",
    )

    def init(self):
        """Set the cost of the function that removes accents, for the planner.

        It takes it for an addition, and so reads a hundred thousand addresses where
        the index knows those that match: count of the PTOs of a street.
        """
        self.env.cr.execute(
            """
            DO $$ BEGIN
                IF EXISTS (
                    SELECT FROM pg_proc
                     WHERE oid = to_regprocedure('unaccent(text)')
                           AND pg_has_role(proowner, 'USAGE')
                ) THEN
                    ALTER FUNCTION unaccent(text) COST 100;
                END IF;
            END $$
            """
        )

    @api.depends("identifier", "address_code", "address")
    def _compute_display_name(self):
        for building in self:
            building.display_name = (
                building.identifier or building.address or building.address_code or ""
            )

    @api.depends("manager_agreement_required")
    def _compute_next_states(self):
        return super()._compute_next_states()

    @api.depends("manager_agreement_required")
    def _compute_state_warning(self):
        return super()._compute_state_warning()

    # ------------------------------------------------------------------
    # Path: by the manager's agreement or not
    # ------------------------------------------------------------------

    def _path(self):
        return BUILDING_PATHS[bool(self.manager_agreement_required)]

    def _path_after(self, vals):
        required = self.manager_agreement_required
        return BUILDING_PATHS[bool(vals.get("manager_agreement_required", required))]

    def write(self, vals):
        moved = self._moved_with_their_pbo(vals)
        result = super().write(vals)
        others = moved._behind_same_pbo(_TAKEN_ALONG.get(vals.get("state")))
        if others:
            reason = self.env._(
                "Behind the same PBO as %s", ", ".join(moved.mapped("display_name"))
            )
            others = others.with_context(oiconnect_reason=reason)
            super(Building, others).write({"state": vals["state"]})
        return result

    def _moved_with_their_pbo(self, vals):
        """Return those that ``vals`` moves together with all that is behind their PBO.

        Back to “on demand” only from there: an address may also become so alone.
        """
        state = vals.get("state")
        if state not in _TAKEN_ALONG:
            return self.browse()
        return self.filtered(
            lambda building: (
                building.state == "on_demand_deploying"
                if state == "on_demand"
                else building.state != state
            )
        )

    def _behind_same_pbo(self, state):
        """Return the other buildings in ``state`` behind the PBOs of these."""
        others = self.pbo_ids.building_ids - self
        return others.filtered(lambda building: building.state == state)
