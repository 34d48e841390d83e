from odoo import models

from odoo.addons.oiconnect_base.resource import Resource, own


class ApiKey(models.Model):
    """Keys of the operator, but for what they are checked by."""

    _name = "oiconnect.api.key"
    _inherit = ["oiconnect.api.key", "oiconnect.portal.mixin"]
    _shown = Resource(
        "api-keys",
        "name",
        network=None,
        operator_fields=(
            "name",
            "public_id",
            "state",
            "rate_class",
            "allowed_addresses",
            "create_date",
            "expiry_date",
            "last_used_date",
            "last_address",
            "revoked_date",
        ),
        operator_domain=own,
    )
