from odoo import api, fields, models, tools
from odoo.tools import SQL

# The last seals of the networks on which an operator has a connection of any kind
_HEADS = """
    SELECT DISTINCT ON (network.id) network.code, seal.number, seal.digest
      FROM oiconnect_operator operator
      JOIN LATERAL (%(used)s) used ON TRUE
      JOIN oiconnect_network network ON network.id = used.network_id
      JOIN oiconnect_seal seal ON seal.network_id = network.id
     WHERE operator.interop_code = %(code)s
     ORDER BY network.id, seal.number DESC
"""


class Seal(models.Model):
    """The last seals, as answers to operators tell them."""

    _inherit = "oiconnect.seal"

    @api.model
    @api.private
    def _heads_of(self, code):
        """Return the last seals that an operator hears of: network, number, digest."""
        return self._heads_at(code, fields.Datetime.now().replace(minute=0, second=0))

    @tools.ormcache("code", "hour")
    def _heads_at(self, code, hour):
        used = SQL(" UNION ").join(self._used_networks())
        heads = self.env.execute_query(SQL(_HEADS, used=used, code=code))
        return "; ".join(
            f"{network} {number} {digest}" for network, number, digest in heads
        )

    @api.model
    def _used_networks(self):
        """Hook: return queries of the networks on which ``operator`` is connected."""
        return [
            SQL(
                "SELECT network_id FROM oiconnect_endpoint"
                " WHERE operator_id = operator.id"
            )
        ]
