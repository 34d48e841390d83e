from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...const import USE_STATES


class PmLinkFibre(models.Model):
    """Fibre of a link: from the PRDM to a PM, where it feeds positions of modules.

    One fibre feeds several positions through a splitter. A link with fibres has
    the capacity and the used fibres that they say.
    """

    _name = "oiconnect.pm.link.fibre"
    _description = "Fibre of a PM / PRDM link"
    _inherit = "oiconnect.infra.mixin"
    _order = "link_id, number"
    _used_by_fields = ("position_ids",)
    _same_network_fields = ("transport_fibre_id",)
    _tracked_fields = (
        "number",
        "cable_reference",
        "tube",
        "fibre",
        "nro_head",
        "nro_position",
        "pm_head",
        "pm_position",
        "attenuation_db",
        "state",
        "operator_id",
        "link_id",
        "transport_fibre_id",
    )

    network_id = fields.Many2one(
        related="link_id.network_id", store=True, precompute=True, default=None
    )
    link_id = fields.Many2one("oiconnect.pm.link", required=True, ondelete="restrict")
    number = fields.Integer(required=True, aggregator=None)
    cable_reference = fields.Char("Cable", size=50)
    tube = fields.Char(size=20, help="Colour or number")
    fibre = fields.Char(size=20, help="Colour or number")
    # Fibre of the network that the link's is: also its deletion
    transport_fibre_id = fields.Many2one(
        "oiconnect.pbo.fibre",
        "Transport fibre",
        domain="[('network_id', '=', network_id), ('cable_id.kind', '=', 'transport')]",
        ondelete="set null",
        index="btree_not_null",
        copy=False,
        help="The fibre of a transport cable that reaches the PM: the optical route "
        "goes on through its splices, up to the NRO",
    )
    # Where an operator finds the fibre at each end
    nro_head = fields.Char("Head at the NRO", size=50)
    nro_position = fields.Char("Position at the NRO", size=20)
    pm_head = fields.Char("Head at the PM", size=50)
    pm_position = fields.Char("Position at the PM", size=20)
    attenuation_db = fields.Float("Attenuation (dB)", digits=(6, 2), aggregator=None)
    state = fields.Selection(
        USE_STATES,
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
    pm_id = fields.Many2one(
        related="link_id.pm_id", store=True, precompute=True, index=True
    )
    prdm_id = fields.Many2one(
        related="link_id.prdm_id", store=True, precompute=True, index=True
    )
    position_ids = fields.One2many(
        "oiconnect.pm.position", "link_fibre_id", "Positions fed"
    )

    # Also the fibres of a link: link_id = x
    _number_uniq = models.Constraint(
        "UNIQUE (link_id, number)", "The link has a fibre with this number."
    )
    _number_positive = models.Constraint(
        "CHECK (number > 0)", "Fibres of a link are numbered from 1."
    )
    _attenuation_positive = models.Constraint(
        "CHECK (attenuation_db >= 0)", "The attenuation of a fibre is not negative."
    )
    _free_without_holder = models.Constraint(
        "CHECK (state <> 'free' OR operator_id IS NULL)",
        "A free fibre has no holder: remove the operator or choose another state.",
    )

    @api.constrains("transport_fibre_id")
    def _check_transport_fibre(self):
        for fibre in self.sudo():
            cable = fibre.transport_fibre_id.cable_id
            if cable and cable.kind != "transport":
                raise ValidationError(
                    self.env._(
                        "Cable %s is no transport cable: choose a fibre of one.",
                        cable.display_name,
                    )
                )

    @api.depends("link_id.reference", "number")
    def _compute_display_name(self):
        for fibre in self:
            link = fibre.link_id
            name = f"{link.reference or '-'} / {fibre.number}"
            fibre.display_name = bool(link) and name

    @api.model_create_multi
    def create(self, vals_list):
        fibres = super().create(vals_list)
        fibres.link_id._count_fibres()
        return fibres

    def write(self, vals):
        links = self.link_id
        result = super().write(vals)
        if not vals.keys().isdisjoint({"state", "link_id"}):
            (links | self.link_id)._count_fibres()
        return result

    def unlink(self):
        # Before anything is read: whether the record exists is not disclosed.
        self.check_access("unlink")
        links = self.link_id
        result = super().unlink()
        links._count_fibres()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_held(self):
        held = self.filtered(lambda fibre: fibre.state in ("reserved", "used"))
        if held:
            raise UserError(
                self.env._(
                    "These fibres are reserved or used: %s. Free them first.",
                    ", ".join(held[:20].mapped("display_name")),
                )
            )

    @api.private
    def _follow_patches(self):
        """A free fibre that feeds a position is used; one that feeds none is not."""
        patched = self.filtered("position_ids")
        patched.filtered(lambda fibre: fibre.state == "free").write({"state": "used"})
        left = (self - patched).filtered(lambda fibre: fibre.state == "used")
        held = left.filtered("operator_id")
        held.write({"state": "reserved"})
        (left - held).write({"state": "free"})
