from odoo import api, fields, models

from odoo.addons.oiconnect_base.resource import Resource

from ..mixins.neighbours import neighbour_count


class Dedicated(models.AbstractModel):
    """Part of a PM whose fibres one operator alone may have (choice D at the PM)."""

    _name = "oiconnect.dedicated"
    _description = "Part of a PM that may be dedicated to an operator"

    dedicated_operator_id = fields.Many2one(
        "oiconnect.operator",
        "Dedicated to",
        ondelete="restrict",
        index="btree_not_null",
        help="The operator that alone may have these fibres (choice D at the PM); "
        "empty: all operators share them (choice P)",
    )


class PmModule(models.Model):
    """Drawer or head of a PM, with its positions."""

    _name = "oiconnect.pm.module"
    _description = "PM module"
    _resource = Resource("modules", "name", sorts=("name",), line="id")
    _inherit = [
        "oiconnect.infra.mixin",
        "oiconnect.capacity",
        "oiconnect.technical.part",
        "oiconnect.dedicated",
    ]
    _capacity_column = "module_id"
    _capacity_ends = ("oiconnect.pm.position", "module_id", "position_id")
    _order = "name, id"
    _used_by_fields = ("route_ids",)
    _tracked_fields = (
        "name",
        "operator_id",
        "technical_pm_id",
        "pm_id",
        "dedicated_operator_id",
    )

    network_id = fields.Many2one(
        related="pm_id.network_id", store=True, precompute=True, default=None
    )
    name = fields.Char(size=256, required=True, index="trigram")
    pm_id = fields.Many2one("oiconnect.pm", "PM", required=True, ondelete="restrict")
    operator_id = fields.Many2one(
        "oiconnect.operator",
        ondelete="restrict",
        index="btree_not_null",
        help="Owner of the module; empty: the infrastructure operator",
    )
    position_ids = fields.One2many("oiconnect.pm.position", "module_id", "Positions")
    route_ids = fields.One2many("oiconnect.route", "module_id", "Routes")
    position_count = neighbour_count("Number of positions")
    route_count = neighbour_count("Number of routes")
    capacity_bare = fields.Integer("Positions without a route")

    # Also the modules of a PM: pm_id = x
    _name_uniq = models.Constraint(
        "UNIQUE (pm_id, name)", "A module with this name is at the PM."
    )
    # Order of the list: … order by name, id limit n
    _name_idx = models.Index("(name, id)")

    @api.constrains("pm_id")
    def _check_routes_stay_at_pm(self):
        self.route_ids._check_same_pm()

    def unlink(self):
        """Free the link fibres that fed positions: these go with the module."""
        # Before anything is read: whether the record exists is not disclosed.
        self.check_access("unlink")
        fibres = self.position_ids.link_fibre_id.sudo()
        result = super().unlink()
        fibres.invalidate_recordset(["position_ids"], flush=False)
        fibres._follow_patches()
        return result
