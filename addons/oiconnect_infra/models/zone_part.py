from odoo import fields, models
from odoo.tools import SQL, sql

from odoo.addons.oiconnect_base.models.guarded import EVERY_FIELD


class ZonePart(models.Model):
    """Ring of a zone as PostgreSQL's own polygon: what SQL tests points with.

    Written with the zone only, read by SQL only.
    """

    _name = "oiconnect.zone.part"
    _description = "Part of a rear zone"
    _log_access = False
    _order = "id"
    _event_fields = EVERY_FIELD

    zone_id = fields.Many2one(
        "oiconnect.zone", required=True, ondelete="cascade", index=True
    )
    pm_id = fields.Integer(required=True)
    # Of its zone, this one among them
    ring_count = fields.Integer("Rings")

    # Buildings outside: the parts of the zone of their PM: pm_id = x
    _pm_idx = models.Index("(pm_id)")

    def init(self):
        if not sql.column_exists(self.env.cr, self._table, "ring"):
            self.env.cr.execute(
                SQL(
                    "ALTER TABLE %s ADD COLUMN ring polygon NOT NULL",
                    SQL.identifier(self._table),
                )
            )
