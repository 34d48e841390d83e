from odoo import api, fields, models
from odoo.exceptions import UserError

MAX_FIBRES = 1000


class LinkFibreNew(models.TransientModel):
    """Number the fibres of a link: so many, so many to a tube."""

    _name = "oiconnect.pm.link.fibre.new"
    _description = "Create link fibres"

    link_id = fields.Many2one(
        "oiconnect.pm.link",
        required=True,
        default=lambda self: self.env.context.get("active_id"),
    )
    count = fields.Integer(
        "Fibres",
        required=True,
        compute="_compute_count",
        store=True,
        precompute=True,
        readonly=False,
    )
    fibres_per_tube = fields.Integer(required=True, default=12)
    naming = fields.Selection(
        [("colour", "By colours"), ("number", "By numbers")],
        "Tubes and fibres",
        required=True,
        default="colour",
    )

    @api.depends("link_id")
    def _compute_count(self):
        for wizard in self:
            listed = wizard.link_id.link_fibre_count
            wizard.count = max(wizard.link_id.capacity - listed, 0)

    def action_create(self):
        self.ensure_one()
        self._refuse_wrong_numbers()
        fibres = self.env["oiconnect.pm.link.fibre"]
        [[last]] = fibres._read_group(
            [("link_id", "=", self.link_id.id)], [], ["number:max"]
        )
        first = (last or 0) + 1
        fibres.create(
            [self._values(number) for number in range(first, first + self.count)]
        )
        return {"type": "ir.actions.act_window_close"}

    def _refuse_wrong_numbers(self):
        if not 1 <= self.count <= MAX_FIBRES:
            raise UserError(
                self.env._("Create 1 to %s fibres at a time.", MAX_FIBRES),
            )
        if self.fibres_per_tube < 1:
            raise UserError(self.env._("A tube holds at least one fibre."))

    def _values(self, number):
        tube, fibre = divmod(number - 1, self.fibres_per_tube)
        return {
            "link_id": self.link_id.id,
            "number": number,
            "tube": self._name_of(tube + 1),
            "fibre": self._name_of(fibre + 1),
        }

    def _name_of(self, number):
        if self.naming == "number":
            return str(number)
        colours = self.env["oiconnect.fibre.colour"]._code_by_number()
        return colours.get(number, str(number))
