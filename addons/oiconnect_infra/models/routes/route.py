from functools import partial

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.oiconnect_base.resource import Resource, own

from ...const import MAX_CONNECTORS, ROUTE_STATES

# Copied from the two ends
_text = partial(fields.Char, compute="_compute_chain", store=True)
_link = partial(fields.Many2one, compute="_compute_chain", store=True)


class Route(models.Model):
    """One continuous fibre: position at the PM, fibre at the PBO, PTO.

    What lists filter on is copied from the two ends, so that a search reads this
    table only.
    """

    _name = "oiconnect.route"
    _description = "Optical route"
    _resource = Resource(
        "routes",
        "name",
        sorts=("name",),
        operator_fields=(
            "network_id",
            "name",
            "state",
            "pm_id",
            "position_name",
            "pto_id",
            "connector_number",
            "connector_colour",
            "building_id",
        ),
        operator_domain=own,
        line="id",
    )
    _inherit = "oiconnect.infra.mixin"
    _order = "name, id"
    # What comes from the two ends: worked out again, whatever is given
    _creation_fields = (
        "network_id",
        "pm_id",
        "module_id",
        "position_name",
        "module_cable_id",
        "module_tube",
        "module_fibre",
        "cable_id",
        "tube",
        "fibre",
        "pbo_id",
    )
    _same_network_fields = ("position_id", "fibre_id", "pto_id")
    _tracked_fields = (
        "state",
        "operator_id",
        "position_id",
        "fibre_id",
        "pto_id",
        "name",
        "sequence",
        "connector_number",
    )

    network_id = fields.Many2one(default=None, readonly=True)
    name = fields.Char(
        required=True,
        index="trigram",
        copy=False,
        help="Made from the position at the PM when left empty",
    )
    sequence = fields.Integer(
        default=10, aggregator=None, help="Free routes are given in this order"
    )
    state = fields.Selection(
        ROUTE_STATES,
        required=True,
        default="free",
        copy=False,
    )
    operator_id = fields.Many2one(
        "oiconnect.operator",
        "Holder",
        ondelete="restrict",
        index="btree_not_null",
        copy=False,
    )
    position_id = fields.Many2one(
        "oiconnect.pm.position", "PM position", ondelete="restrict", copy=False
    )
    fibre_id = fields.Many2one(
        "oiconnect.pbo.fibre", "PBO fibre", ondelete="restrict", copy=False
    )
    pto_id = fields.Many2one("oiconnect.pto", "PTO", ondelete="restrict", copy=False)
    connector_number = fields.Integer("Connector", aggregator=None, copy=False)
    connector_colour = fields.Char(
        size=256,
        compute="_compute_connector_colour",
        store=True,
        readonly=False,
        precompute=True,
        copy=False,
    )
    pm_id = _link("oiconnect.pm", "PM")
    module_id = _link("oiconnect.pm.module")
    position_name = _text("Position", index="trigram")
    module_cable_id = _link(
        "oiconnect.pbo.cable", "Cable at the module", index="btree_not_null"
    )
    module_tube = _text("Tube at the module")
    module_fibre = _text("Fibre at the module")
    cable_id = _link("oiconnect.pbo.cable", "Cable at the PBO")
    tube = _text("Tube at the PBO")
    fibre = _text("Fibre at the PBO")
    pbo_id = _link("oiconnect.pbo", "PBO")
    building_id = fields.Many2one(
        related="pto_id.building_id",
        store=True,
        precompute=True,
        index="btree_not_null",
    )
    dedicated_operator_id = fields.Many2one(
        "oiconnect.operator",
        "Dedicated to",
        compute="_compute_dedicated_operator_id",
        help="The operator that alone may have this route",
    )

    # Also the order of the list: … order by name, id limit n
    _name_uniq = models.Constraint(
        "UNIQUE (name, network_id)", "A route with this name exists on the network."
    )
    _position_uniq = models.UniqueIndex(
        "(position_id)", "This position of the module is used by another route."
    )
    _fibre_uniq = models.UniqueIndex(
        "(fibre_id)", "This fibre of the cable is used by another route."
    )
    # Also the routes of a PTO: pto_id = x
    _connector_uniq = models.UniqueIndex(
        "(pto_id, connector_number) WHERE pto_id IS NOT NULL",
        "This connector of the socket is used by another route.",
    )
    # Reservation: pbo_id = x and free and not wired order by sequence, id limit n;
    # also their number
    _free_idx = models.Index(
        "(pbo_id, sequence, id) WHERE state = 'free' AND pto_id IS NULL"
    )
    # Capacity of a PBO, cable, module or PM: count of its routes by state and by being
    # at a PTO, in the index alone. Also its routes: pbo_id = x
    _pbo_state_idx = models.Index("(pbo_id, state) INCLUDE (pto_id)")
    _cable_state_idx = models.Index(
        "(cable_id, state) INCLUDE (pto_id) WHERE cable_id IS NOT NULL"
    )
    # Routes that leave the PM in a cable and end in another: module_cable_id = x
    _module_cable_state_idx = models.Index(
        "(module_cable_id, state) INCLUDE (pto_id)"
        " WHERE module_cable_id IS DISTINCT FROM cable_id"
    )
    _module_state_idx = models.Index(
        "(module_id, state) INCLUDE (pto_id) WHERE module_id IS NOT NULL"
    )
    # Whether an operator is at a module: module_id = x and operator_id = y
    _module_holder_idx = models.Index(
        "(module_id, operator_id) WHERE operator_id IS NOT NULL"
    )
    _pm_state_idx = models.Index("(pm_id, state) INCLUDE (pto_id)")
    # List filtered on a rare tube or fibre: tube = x and fibre = y
    _fibre_idx = models.Index("(tube, fibre)")
    _ends_present = models.Constraint(
        "CHECK (position_id IS NOT NULL OR fibre_id IS NOT NULL)",
        "A route has a position at the PM or a fibre at the PBO.",
    )
    _free_without_holder = models.Constraint(
        "CHECK (state <> 'free' OR operator_id IS NULL)",
        "A free route has no holder: remove the operator or choose another state.",
    )
    _held_by_operator = models.Constraint(
        "CHECK (state NOT IN ('reserved', 'used') OR operator_id IS NOT NULL)",
        "A reserved or used route has a holder: choose the operator.",
    )
    _connector_range = models.Constraint(
        "CHECK (pto_id IS NULL"
        f" OR COALESCE(connector_number, 0) BETWEEN 1 AND {MAX_CONNECTORS})",
        "A route wired to a socket is on one of its connectors, 1 to 4.",
    )

    @api.constrains("position_id", "fibre_id")
    def _check_same_pm(self):
        for route in self:
            pm = route.position_id.pm_id
            if pm and route.cable_id and route.cable_id.pm_id != pm:
                raise ValidationError(
                    self.env._(
                        "Route %(route)s starts at PM %(pm)s, its fibre is in cable "
                        "%(cable)s of PM %(other)s: choose both ends on one PM.",
                        route=route.name,
                        pm=pm.reference,
                        cable=route.cable_id.reference,
                        other=route.cable_id.pm_id.reference,
                    )
                )

    @api.depends(
        "position_id.pm_id",
        "position_id.name",
        "position_id.cable_id",
        "position_id.tube",
        "position_id.fibre",
        "fibre_id.cable_id.pm_id",
        "fibre_id.tube",
        "fibre_id.fibre",
        "fibre_id.pbo_id",
    )
    def _compute_chain(self):
        for route in self:
            route.update(self._chain_values(route.position_id, route.fibre_id))

    @api.model
    def _chain_values(self, position, fibre):
        """Return what a route copies from its two ends."""
        pm = position.pm_id or fibre.cable_id.pm_id
        return {
            "pm_id": pm.id,
            "module_id": position.module_id.id,
            "position_name": position.name,
            "module_cable_id": position.cable_id.id,
            "module_tube": position.tube,
            "module_fibre": position.fibre,
            "cable_id": fibre.cable_id.id,
            "tube": fibre.tube,
            "fibre": fibre.fibre,
            "pbo_id": fibre.pbo_id.id,
        }

    @api.model
    def _default_name(self, position, fibre):
        """Return a name made of the start of the path, unique on a network."""
        if position:
            parts = (position.pm_id.reference, position.module_id.name, position.name)
        else:
            parts = (fibre.cable_id.reference, fibre.tube, fibre.fibre)
        return " / ".join(part or "-" for part in parts)

    @api.depends("connector_number")
    def _compute_connector_colour(self):
        colours = self.env["oiconnect.fibre.colour"]._code_by_number()
        for route in self:
            route.connector_colour = colours.get(route.connector_number)

    @api.depends(
        "position_id.dedicated_operator_id",
        "position_id.module_id.dedicated_operator_id",
    )
    def _compute_dedicated_operator_id(self):
        for route in self:
            position = route.position_id
            route.dedicated_operator_id = (
                position.dedicated_operator_id
                or position.module_id.dedicated_operator_id
            )

    @api.model_create_multi
    def create(self, vals_list):
        # Not left to the ORM: on new records it would keep the lists of routes of
        # each PM and cable up to date, at the square of their number.
        return super().create(self._complete_ends(vals_list))

    def write(self, vals):
        if vals.get("operator_id"):
            self._refuse_taking(vals["operator_id"])
        return super().write(vals)

    def _refuse_taking(self, operator_id):
        """Refuse a route that another operator holds, or that is dedicated to one.

        The other may have it since a moment ago.
        """
        taken = self.filtered(
            lambda route: (
                route.state in ("reserved", "used")
                and route.operator_id.id != operator_id
            )
        )
        if taken:
            raise UserError(
                self.env._(
                    "Route %(route)s is held by %(operator)s: choose another, or give "
                    "it back first.",
                    route=taken[0].name,
                    operator=taken[0].operator_id.display_name,
                )
            )
        others = self.filtered(
            lambda route: (
                route.operator_id.id != operator_id
                and route.dedicated_operator_id.id not in (False, operator_id)
            )
        )
        if others:
            raise UserError(
                self.env._(
                    "Route %(route)s is dedicated to %(operator)s: choose another, or "
                    "change whom its position at the PM is dedicated to.",
                    route=others[0].name,
                    operator=others[0].dedicated_operator_id.display_name,
                )
            )

    @api.model
    def _complete_ends(self, vals_list):
        """Return ``vals_list`` with the name and what comes from the two ends."""
        positions, fibres = (
            self.env[self._fields[name].comodel_name].browse(
                [vals.get(name) for vals in vals_list if vals.get(name)]
            )
            for name in ("position_id", "fibre_id")
        )
        position_ids, fibre_ids = positions.ids, fibres.ids
        pms = self.env["oiconnect.pm"]
        completed = []
        for vals in vals_list:
            ends = (
                positions.browse(vals.get("position_id")).with_prefetch(position_ids),
                fibres.browse(vals.get("fibre_id")).with_prefetch(fibre_ids),
            )
            chain = self._chain_values(*ends)
            completed.append(
                vals
                | chain
                | {
                    "name": vals.get("name") or self._default_name(*ends),
                    "network_id": pms.browse(chain["pm_id"]).network_id.id
                    or vals.get("network_id"),
                }
            )
        return completed
