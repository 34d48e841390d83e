from odoo import fields, models
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)


class Endpoint(models.Model):
    """Account where an operator drops its files and finds ours."""

    _name = "oiconnect.endpoint"
    _description = "Connection"
    _created_text = _lt("Connection created")
    _inherit = "oiconnect.account.mixin"
    _free_fields = ("operator_id", "out_folder", "publication_folder")
    _order = "operator_id, name"
    _job_prefix = "oiconnect"

    operator_id = fields.Many2one(
        "oiconnect.operator", required=True, index=True, ondelete="restrict"
    )
    out_folder = fields.Char("Our files", default="out", required=True)
    publication_folder = fields.Char(
        "Our publications", default="publication", required=True
    )
    exchange_ids = fields.One2many("oiconnect.exchange", "endpoint_id", "Exchanges")
    exchange_count = fields.Integer(
        "Number of exchanges", compute="_compute_exchange_count"
    )

    # One account serves one operator of one network: a file of ours has one way.
    _account_uniq = models.UniqueIndex(
        "(network_id, operator_id) WHERE active",
        "This operator already has a connection: change it, or archive it first.",
    )

    def _compute_exchange_count(self):
        counts = dict(
            self.env["oiconnect.exchange"]._read_group(
                [("endpoint_id", "in", self._origin.ids)],
                ["endpoint_id"],
                ["__count"],
            )
        )
        for endpoint in self:
            endpoint.exchange_count = counts.get(endpoint._origin, 0)

    def _staff_language(self):
        """Language of the person in charge, else the operator's."""
        return self.responsible_id.lang or self.operator_id.lang

    def _folders(self):
        return [
            self.in_folder,
            self.archive_folder,
            self.error_folder,
            self.out_folder,
            self.publication_folder,
        ]
