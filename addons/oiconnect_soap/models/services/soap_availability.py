from odoo import api, models


class SoapServer(models.AbstractModel):
    """A service that an administrator took out of service answers with code 19."""

    _inherit = "oiconnect.soap.server"

    @api.model
    def _is_service_active(self, service):
        services = self.env["oiconnect.soap.service"]
        return services._is_in_service(service.key) and super()._is_service_active(
            service
        )
