from odoo import fields, models

from odoo.addons.oiconnect_base.fields import Many2oneWithoutForeignKey
from odoo.addons.oiconnect_base.models.guarded import EVERY_FIELD


class GracethdObject(models.Model):
    """A row of the deliveries of a network: what it is there, and all that it said.

    The next delivery finds its records by their codes; an export gives back what has
    no place in the network. What no delivery said yet has its code from an export, and
    no cells. Rows are written by SQL: a network has millions.
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
    part = fields.Char(
        readonly=True, help="What the row is of its record, when it is not all of it"
    )
    cells = fields.Json(
        readonly=True,
        help="Columns of the row as received; void when an export gave its code",
    )
    generation = fields.Char(
        readonly=True, help="Versions of the standard that the row is of: 2 or 3"
    )
    epsg = fields.Integer(
        "Projection (EPSG)",
        readonly=True,
        aggregator=None,
        help="That of the geometry of the row",
    )
    line = fields.Integer(
        "Row", readonly=True, aggregator=None, help="Place of the row in its file"
    )
    received_date = fields.Datetime("Received on", readonly=True)
    import_id = fields.Many2one(
        "oiconnect.import",
        "Last delivery",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
        help="That which changed the row last",
    )

    # Merge of a delivery: network_id = x and table_name = y and code = z; rows of an
    # export: network_id = x and table_name = y
    _code_uniq = models.UniqueIndex(
        "(network_id, table_name, code)", "The network has this row already."
    )
    # Codes that exports gave: network_id = x and table_name = y and record = z
    _given_uniq = models.UniqueIndex(
        "(network_id, table_name, res_model, res_id, (COALESCE(part, ''))) "
        "WHERE cells IS NULL",
        "This record has a code in this table already.",
    )
