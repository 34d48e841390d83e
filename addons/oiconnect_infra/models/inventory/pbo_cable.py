from functools import partial

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.oiconnect_base.resource import Resource

from ..mixins.neighbours import neighbour_count

_end = partial(fields.Many2one, ondelete="restrict", index="btree_not_null")
# Of the place that is given, else chosen
_end_kind = partial(fields.Selection, store=True, precompute=True, readonly=False)
# The columns of each end, by the kind of end that they are about
STARTS = {"nro": "start_nro_id", "box": "start_box_id", "pbo": "start_pbo_id"}
ENDS = {"box": "end_box_id", "pbo": "end_pbo_id", "pto": "end_pto_id"}
_NAMED = " AND ".join(
    f"({column} IS NULL OR COALESCE({side}_kind, '') = '{kind}')"
    for side, columns in (("start", STARTS), ("end", ENDS))
    for kind, column in columns.items()
)


class PboCable(models.Model):
    """Cable of the network: from the NRO to a PM, to branching points, to a PTO.

    Its start is on the side of the NRO. Fibres are listed on transport and distribution
    cables; a route ends with the fibre at the PBO, and a drop cable goes on from there.
    """

    _name = "oiconnect.pbo.cable"
    _description = "PBO cable"
    _resource = Resource(
        "cables",
        sorts=("reference",),
        line="id",
        less=("south", "west", "north", "east"),
    )
    _inherit = ["oiconnect.infra.mixin", "oiconnect.capacity"]
    _capacity_column = "cable_id"
    _capacity_ends = ("oiconnect.pbo.fibre", "cable_id", "fibre_id")
    _order = "reference"
    _rec_name = "reference"
    _used_by_fields = (
        "route_ids",
        "position_ids",
        "upper_splice_ids",
        "lower_splice_ids",
    )
    _same_network_fields = ("pm_id", *STARTS.values(), *ENDS.values())
    _tracked_fields = (
        "reference",
        "kind",
        "pm_id",
        "start_kind",
        *STARTS.values(),
        "end_kind",
        *ENDS.values(),
        "tube_count",
        "fibres_per_tube",
        "length_m",
    )
    _capacity_depends = (
        "route_ids.state",
        "route_ids.pto_id",
        "position_ids.route_ids.state",
        "position_ids.route_ids.pto_id",
    )

    reference = fields.Char(size=100, required=True, index="trigram", copy=False)
    kind = fields.Selection(
        [
            ("transport", "Transport (NRO to PM)"),
            ("distribution", "Distribution (PM to PBO)"),
            ("drop", "Drop (PBO to PTO)"),
        ],
        "Kind of cable",
        required=True,
        default="distribution",
    )
    pm_id = fields.Many2one(
        "oiconnect.pm",
        "PM",
        ondelete="restrict",
        index=True,
        help="Empty on a transport cable that leads to several PMs",
    )
    start_kind = _end_kind(
        [("nro", "NRO"), ("pm", "PM"), ("box", "Splice box"), ("pbo", "PBO")],
        "Starts at a",
        compute="_compute_start_kind",
    )
    start_nro_id = _end("oiconnect.nro", "NRO at its start")
    start_box_id = _end("oiconnect.splice.box", "Splice box at its start")
    start_pbo_id = _end("oiconnect.pbo", "PBO at its start")
    end_kind = _end_kind(
        [("pm", "PM"), ("box", "Splice box"), ("pbo", "PBO"), ("pto", "PTO")],
        "Ends at a",
        compute="_compute_end_kind",
    )
    end_box_id = _end("oiconnect.splice.box", "Splice box at its end")
    end_pbo_id = _end("oiconnect.pbo", "PBO at its end")
    end_pto_id = _end("oiconnect.pto", "PTO at its end")
    start_name = fields.Char("From", compute="_compute_end_names")
    end_name = fields.Char("To", compute="_compute_end_names")
    tube_count = fields.Integer("Tubes")
    fibres_per_tube = fields.Integer(aggregator=None)
    length_m = fields.Float("Length (m)", digits=(10, 1))
    fibre_ids = fields.One2many("oiconnect.pbo.fibre", "cable_id", "Fibres")
    position_ids = fields.One2many("oiconnect.pm.position", "cable_id", "PM positions")
    route_ids = fields.One2many("oiconnect.route", "cable_id", "Routes")
    upper_splice_ids = fields.One2many(
        "oiconnect.splice", "downstream_cable_id", "Splices towards the PM"
    )
    lower_splice_ids = fields.One2many(
        "oiconnect.splice", "upstream_cable_id", "Splices towards the customer"
    )
    fibre_count = neighbour_count("Number of fibres")
    position_count = neighbour_count("Number of positions")
    route_count = neighbour_count("Number of routes")
    capacity_bare = fields.Integer("Fibres without a route")

    # Also the order of the list: … order by reference limit n
    _reference_uniq = models.Constraint(
        "UNIQUE (reference, network_id)",
        "A cable with this reference exists on the network.",
    )
    _counts_positive = models.Constraint(
        "CHECK (tube_count >= 0 AND fibres_per_tube >= 0)",
        "The numbers of tubes and fibres are not negative.",
    )
    _length_positive = models.Constraint(
        "CHECK (length_m >= 0)", "The length of a cable is not negative."
    )

    _pm_present = models.Constraint(
        "CHECK (kind = 'transport' OR pm_id IS NOT NULL)",
        "A distribution or drop cable belongs to a PM: choose it.",
    )
    _ends_named = models.Constraint(
        f"CHECK ({_NAMED})",
        "An end of a cable is at one place: choose the kind of place, then the place.",
    )

    def init(self):
        """Let loaders of rows leave the kind out: it is that of most cables."""
        self.env.cr.execute(
            "ALTER TABLE oiconnect_pbo_cable"
            " ALTER COLUMN kind SET DEFAULT 'distribution'"
        )

    @api.depends(*STARTS.values())
    def _compute_start_kind(self):
        for cable in self:
            cable.start_kind = cable._kind_of_end(STARTS, cable.start_kind)

    @api.depends(*ENDS.values())
    def _compute_end_kind(self):
        for cable in self:
            cable.end_kind = cable._kind_of_end(ENDS, cable.end_kind)

    def _kind_of_end(self, columns, kind):
        """Return the kind of the place that is given, else the kind as it is."""
        return next((kind for kind, name in columns.items() if self[name]), kind)

    @api.depends("start_kind", "end_kind", "pm_id", *STARTS.values(), *ENDS.values())
    def _compute_end_names(self):
        for cable in self:
            # As the name of a relation is: whatever one may read of it
            cable.start_name = cable.sudo()._place_at("start").display_name
            cable.end_name = cable.sudo()._place_at("end").display_name

    def _place_at(self, side):
        """Return the record at an end, empty where it is not known."""
        kind = self[f"{side}_kind"]
        if kind == "pm":
            return self.pm_id
        columns = STARTS if side == "start" else ENDS
        return self[columns[kind]] if kind else self.env["oiconnect.pm"]

    @api.onchange("start_kind", "end_kind")
    def _onchange_end_kinds(self):
        for columns, chosen in ((STARTS, self.start_kind), (ENDS, self.end_kind)):
            for kind, name in columns.items():
                if kind != chosen:
                    self[name] = False

    @api.constrains("pm_id")
    def _check_routes_stay_at_pm(self):
        self.route_ids._check_same_pm()

    # ------------------------------------------------------------------
    # Capacity
    # ------------------------------------------------------------------

    def _capacity_routes_sql(self, alias):
        """A cable carries the routes that end on it and those that start on it.

        Behind a splice a route ends in another cable than the one that leaves the PM:
        it takes a fibre of both.
        """
        return SQL(
            """
            %s UNION ALL
            SELECT state, pto_id FROM oiconnect_route
             WHERE module_cable_id = %s AND module_cable_id IS DISTINCT FROM cable_id
            """,
            super()._capacity_routes_sql(alias),
            SQL.identifier(alias, "id"),
        )

    def _any_route_sql(self, alias, wanted):
        """Look up cable by cable: there are two kinds of routes."""
        routes = self._capacity_routes_sql(alias)
        return SQL("EXISTS (SELECT FROM (%s) route WHERE %s)", routes, wanted)

    def _capacity_placed_sql(self):
        """A fibre is also placed that goes on behind a splice, or starts a route."""
        return SQL(
            """
            %s OR EXISTS (
                SELECT FROM oiconnect_splice WHERE upstream_id = part.id)
            OR EXISTS (
                SELECT FROM oiconnect_pm_position position
                  JOIN oiconnect_route ON position_id = position.id
                 WHERE position.cable_id = part.cable_id
                   AND position.tube = part.tube AND position.fibre = part.fibre)
            """,
            super()._capacity_placed_sql(),
        )

    def _flush_capacity(self):
        self.env["oiconnect.route"].flush_model(["module_cable_id"])
        return super()._flush_capacity()

    def _bare_counts(self, ids):
        self.env["oiconnect.splice"].flush_model(["upstream_id"])
        self.env["oiconnect.route"].flush_model(["position_id"])
        self.env["oiconnect.pm.position"].flush_model(["cable_id", "tube", "fibre"])
        return super()._bare_counts(ids)

    # ------------------------------------------------------------------
    # Neighbours
    # ------------------------------------------------------------------

    def _count_starting(self):
        """Return ``{cable: number}`` of the routes that end in another cable."""
        routes = self.env["oiconnect.route"]
        if not routes.has_access("read"):
            return {}
        domain = [("module_cable_id", "in", self._origin.ids)]
        counts = {}
        for cable, end, count in routes._read_group(
            domain, ["module_cable_id", "cable_id"], ["__count"]
        ):
            if end != cable:
                counts[cable] = counts.get(cable, 0) + count
        return counts

    def _compute_neighbour_counts(self):
        result = super()._compute_neighbour_counts()
        starting = self._count_starting()
        for cable in self:
            cable.route_count += starting.get(cable._origin, 0)
        return result

    def action_view_neighbours(self):
        action = super().action_view_neighbours()
        if self.env.context["neighbours"] == "route_ids":
            ends = [("cable_id", "=", self.id), ("module_cable_id", "=", self.id)]
            action["domain"] = ["|", *ends]
        return action
