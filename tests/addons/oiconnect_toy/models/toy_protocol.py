from odoo import api, fields, models


class Flow(models.Model):
    """The protocol of toys; its files and their columns are in ``formats/``."""

    _inherit = "oiconnect.flow"

    protocol = fields.Selection(
        selection_add=[("toy", "Toys")], ondelete={"toy": "cascade"}
    )

    @api.model
    def _seed_folders(self):
        return [*super()._seed_folders(), "oiconnect_toy/formats"]


class FlowTerms(models.Model):
    _inherit = "oiconnect.flow.terms"

    @api.model
    def _protocols(self):
        return [*super()._protocols(), "toy"]


class Operator(models.Model):
    _inherit = "oiconnect.operator"

    toy_version = fields.Selection(
        selection=lambda self: self._selection_version("toy"),
        default="V1.0",
        validate=False,
    )

    @api.model
    def _version_fields(self):
        return super()._version_fields() | {"toy": "toy_version"}
