from odoo import fields, models


class ZoneExport(models.TransientModel):
    """File of zones that its user downloads."""

    _name = "oiconnect.zone.export"
    _description = "Export of zones"

    file = fields.Binary(attachment=False, readonly=True)
