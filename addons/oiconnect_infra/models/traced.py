from odoo import models

# Models from which a path can be followed: kind of point in the tracing.
KINDS = {
    "oiconnect.pto": "pto",
    "oiconnect.route": "route",
    "oiconnect.pbo": "pbo",
    "oiconnect.pbo.fibre": "fibre",
    "oiconnect.pbo.cable": "cable",
    "oiconnect.splice": "splice",
    "oiconnect.pm.position": "position",
    "oiconnect.pm.module": "module",
    "oiconnect.pm.link.fibre": "link_fibre",
    "oiconnect.pm.link": "link",
    "oiconnect.prdm": "prdm",
}


class InfraMixin(models.AbstractModel):
    """The button that follows the fibres of an object."""

    _inherit = "oiconnect.infra.mixin"

    def action_trace(self):
        """Open the optical paths through the record."""
        self.ensure_one()
        action = self.env["ir.actions.client"]._for_xml_id(
            "oiconnect_infra.trace_action"
        )
        return action | {"params": {"trace_model": self._name, "trace_id": self.id}}
