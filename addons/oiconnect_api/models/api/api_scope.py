from odoo import api, fields, models

from ...rest.resources import resources
from .api_key import LEVELS


class ApiScope(models.Model):
    """What a key may do with one resource of the API."""

    _name = "oiconnect.api.scope"
    _description = "Scope of an API key"
    _order = "resource"
    _rec_name = "resource"
    _creation_fields = ("api_key_id",)
    _free_fields = ("resource", "level")

    api_key_id = fields.Many2one(
        "oiconnect.api.key", "API key", required=True, ondelete="cascade"
    )
    resource = fields.Selection("_selection_resource", required=True)
    level = fields.Selection(LEVELS, "Access", required=True, default="read")

    # A call is authenticated: api_key_id = x
    _resource_uniq = models.UniqueIndex(
        "(api_key_id, resource)", "The key has this scope already."
    )

    @api.model
    def _selection_resource(self):
        """Return the resources: their addresses, under the names of their records."""
        names = self.env["ir.model"].sudo()
        return [
            (one.path, names._get(model).name) for model, one in resources(self.env)
        ]
