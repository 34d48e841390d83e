from odoo import api, fields, models, tools

# The last seals of the networks on which an operator has a connection of any kind
_HEADS = """
    SELECT DISTINCT ON (network.id) network.code, seal.number, seal.digest
      FROM oiconnect_operator operator
      JOIN LATERAL (
          SELECT network_id FROM oiconnect_endpoint WHERE operator_id = operator.id
          UNION
          SELECT network_id FROM oiconnect_soap_account WHERE operator_id = operator.id
          UNION
          SELECT r.network_id FROM oiconnect_api_key_network_rel r
            JOIN oiconnect_api_key key ON key.id = r.api_key_id
           WHERE key.operator_id = operator.id
      ) used ON TRUE
      JOIN oiconnect_network network ON network.id = used.network_id
      JOIN oiconnect_seal seal ON seal.network_id = network.id
     WHERE operator.interop_code = %s
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
        self.env.cr.execute(_HEADS, (code,))
        return "; ".join(
            f"{network} {number} {digest}"
            for network, number, digest in self.env.cr.fetchall()
        )
