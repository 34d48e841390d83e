from odoo import fields, models


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
