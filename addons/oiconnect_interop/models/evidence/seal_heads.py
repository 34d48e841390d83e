from odoo import api, fields, models, tools
from odoo.tools import SQL

# The last seals of the networks on which an operator has a connection of any kind
_HEADS = """
    SELECT DISTINCT ON (network.id) network.code, seal.number, seal.digest
      FROM oiconnect_operator operator
      JOIN LATERAL (
          {connections}
      ) used ON TRUE
      JOIN oiconnect_network network ON network.id = used.network_id
      JOIN oiconnect_seal seal ON seal.network_id = network.id
     WHERE operator.interop_code = %s
     ORDER BY network.id, seal.number DESC
"""


CONNECTIONS = (
    "SELECT network_id FROM oiconnect_endpoint WHERE operator_id = operator.id",
    "SELECT network_id FROM oiconnect_soap_account WHERE operator_id = operator.id",
)


class Seal(models.Model):
    """The last seals, as answers to operators tell them."""

    _inherit = "oiconnect.seal"

    @api.model
    @api.private
    def _heads_of(self, code):
        """Return the last seals that an operator hears of: network, number, digest."""
        return self._heads_at(code, fields.Datetime.now().replace(minute=0, second=0))

    @api.model
    def _connection_queries(self):
        """Return the queries of the networks to which an ``operator`` is connected."""
        return CONNECTIONS

    @tools.ormcache("code", "hour")
    def _heads_at(self, code, hour):
        connections = " UNION ".join(self._connection_queries())
        self.env.cr.execute(SQL(_HEADS.format(connections=connections), code))
        return "; ".join(
            f"{network} {number} {digest}"
            for network, number, digest in self.env.cr.fetchall()
        )
