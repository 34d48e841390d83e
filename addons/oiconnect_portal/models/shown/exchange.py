from odoo import models

from odoo.addons.oiconnect_base.resource import Resource, own


class Exchange(models.Model):
    """Files, publications among them: those that the operator sent or was sent."""

    _name = "oiconnect.exchange"
    _inherit = ["oiconnect.exchange", "oiconnect.portal.mixin"]
    _shown = Resource(
        "exchanges",
        "name",
        operator_fields=(
            "network_id",
            "name",
            "direction",
            "state",
            "flow_id",
            "version",
            "publication_id",
            "create_date",
            "sent_date",
            "size",
            "line_count",
            "done_count",
            "refused_count",
            "message",
        ),
        operator_domain=own,
    )
