from odoo import fields, models


class ApiKeyShown(models.AbstractModel):
    """The value of a new key: in the dialog only, never in the database."""

    _name = "oiconnect.api.key.shown"
    _description = "Value of a new API key"

    # The dialog's onchange needs it.
    id = fields.Id()
    value = fields.Char(readonly=True)
