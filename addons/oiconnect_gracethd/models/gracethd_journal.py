from odoo import fields, models

from odoo.addons.oiconnect_base.fields import Many2oneWithoutForeignKey
from odoo.addons.oiconnect_base.models.guarded import EVERY_FIELD


class GracethdJournal(models.Model):
    """Journal of what a delivery did to the network, as its undoing needs it.

    Created records are stored as ranges of ids: a million fibres are one row. Changed
    ones have the columns that differ, old and new. Only the last delivery of a scope
    has a journal: a later one takes that of those before away.
    """

    _name = "oiconnect.gracethd.journal"
    _description = "Journal of a GraceTHD delivery"
    _order = "id"
    _rec_name = "table_name"
    _log_access = False
    _event_fields = EVERY_FIELD

    import_id = fields.Many2one(
        "oiconnect.import", required=True, readonly=True, ondelete="cascade"
    )
    # The network warrants it: it is not of another company later
    company_id = Many2oneWithoutForeignKey(
        related="import_id.company_id", store=True, precompute=True
    )
    table_name = fields.Char("Table written", required=True, readonly=True)
    kind = fields.Selection(
        [
            ("created", "Created"),
            ("changed", "Changed"),
            ("deleted", "Deleted"),
            ("linked", "Linked"),
        ],
        required=True,
        readonly=True,
    )
    first_id = fields.Integer("First record", readonly=True, aggregator=None)
    last_id = fields.Integer("Last record", readonly=True, aggregator=None)
    before = fields.Json("Columns before", readonly=True)
    after = fields.Json("Columns after", readonly=True)
    date = fields.Datetime("Written on", required=True, readonly=True)

    # Undoing: import_id = x and kind = y and table_name = z; those of a record
    _record_idx = models.Index("(import_id, table_name, kind, first_id)")
