from odoo import fields, models

from odoo.addons.oiconnect_base.fields import Many2oneWithoutForeignKey
from odoo.addons.oiconnect_base.models.guarded import EVERY_FIELD


class GracethdObject(models.Model):
    """A row of the deliveries of a network: what it is there, and all that it said.

    The next delivery finds its records by their codes; an export gives back what has
    no place in the network.
    """

    _name = "oiconnect.gracethd.object"
    _description = "Row of the GraceTHD deliveries of a network"
    _order = "network_id, table_name, code"
    _rec_name = "code"
    _log_access = False
    _event_fields = EVERY_FIELD

    network_id = fields.Many2one(
        "oiconnect.network", required=True, readonly=True, ondelete="cascade"
    )
    # The network warrants it: it is not of another company later
    company_id = Many2oneWithoutForeignKey(
        related="network_id.company_id", store=True, precompute=True
    )
    table_name = fields.Char("Table", required=True, readonly=True)
    code = fields.Char("Code in the delivery", required=True, readonly=True)
    res_model = fields.Char("Technical name", readonly=True)
    res_id = fields.Many2oneReference(
        "Record", model_field="res_model", readonly=True, help="What the row became"
    )
    cells = fields.Json(readonly=True, help="Columns of the row as received")
    import_id = fields.Many2one(
        "oiconnect.import",
        "Last delivery",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
        help="That which changed the row last",
    )

    # Merge of a delivery: network_id = x and table_name = y and code = z
    _code_uniq = models.UniqueIndex(
        "(network_id, table_name, code)", "The network has this row already."
    )
