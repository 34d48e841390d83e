from odoo import fields, models

from odoo.addons.oiconnect_base.models.guarded import EVERY_FIELD


class GracethdCode(models.Model):
    """Code of a row in the deliveries of a network: the same in each export.

    Its rows are written by SQL: a network has millions.
    """

    _name = "oiconnect.gracethd.code"
    _description = "GraceTHD code"
    _order = "network_id, table_name, code"
    _rec_name = "code"
    _log_access = False
    _event_fields = EVERY_FIELD

    network_id = fields.Many2one(
        "oiconnect.network", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="network_id.company_id", store=True, precompute=True
    )
    table_name = fields.Char("Table", required=True, readonly=True)
    subject = fields.Char(
        "What the row is about",
        required=True,
        readonly=True,
        help="Model and number of a record; what has none is told after a slash",
    )
    code = fields.Char(required=True, readonly=True)

    # Export: network_id = x and table_name = y and subject = z
    _subject_uniq = models.UniqueIndex(
        "(network_id, table_name, subject)", "This row has a code already."
    )
    # Last code of a range: network_id = x and table_name = y and code between a and b
    _code_uniq = models.UniqueIndex(
        '(network_id, table_name, code COLLATE "C")', "Another row has this code."
    )
