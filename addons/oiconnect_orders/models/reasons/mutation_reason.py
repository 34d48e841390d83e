from odoo import fields, models

from odoo.addons.oiconnect_base.models.guarded import EVERY_FIELD


class MutationReason(models.Model):
    """Reason of a new route: MotifMutation of the protocol."""

    _name = "oiconnect.mutation.reason"
    _description = "Reason of a new route"
    _order = "sequence, id"
    _free_fields = EVERY_FIELD

    # The protocol's own words: they travel as they are.
    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    breaks_route = fields.Boolean(
        "The old route is out of service",
        help="The route that is left is not given to anybody before it is fixed",
    )
    active = fields.Boolean(default=True)

    _name_uniq = models.UniqueIndex("(name)", "A reason with this name exists.")
