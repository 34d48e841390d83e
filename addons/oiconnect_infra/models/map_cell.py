from odoo import fields, models

from odoo.addons.oiconnect_base.models.guarded import EVERY_FIELD


class MapCell(models.Model):
    """Objects of a cell of the map, by kind, network and state, at each level.

    Written by the compaction of ``oiconnect.map.delta`` only, read by SQL only.
    """

    _name = "oiconnect.map.cell"
    _description = "Cell of the map"
    _log_access = False
    _order = "id"
    _event_fields = EVERY_FIELD

    level = fields.Integer(required=True)
    kind = fields.Char(required=True)
    y = fields.Integer(required=True)
    x = fields.Integer(required=True)
    # Neither relation nor default: buildings already keep their network.
    network_id = fields.Integer(required=True)
    state = fields.Char(required=True)
    count = fields.Integer(required=True)
    # Sums of whole millionths of degrees: a double adds them without any loss.
    latitude_sum = fields.Float(required=True)
    longitude_sum = fields.Float(required=True)

    # A viewport: level = a and kind = b and y in (…) and x between c and d
    _place_uniq = models.UniqueIndex("(level, kind, y, x, network_id, state)")
    # What compaction leaves empty: count = 0
    _empty_idx = models.Index("(id) WHERE count = 0")
