from odoo import api, models
from odoo.tools import SQL


class Pto(models.Model):
    _inherit = "oiconnect.pto"

    @api.model
    @api.private
    def _make_to_build(self, sockets):
        """Make the sockets of one network, and their history, in one statement.

        The values come from the network itself: there is nothing to check.

        :param sockets: dicts: ``reference``, ``building_id``, ``pbo_id``, ``level_id``
        :return: the sockets, in their order
        """
        network = self.env["oiconnect.building"].browse(sockets[0]["building_id"])
        network = network.network_id
        self.env.cr.execute(
            SQL(
                """
                WITH made AS (
                    INSERT INTO oiconnect_pto (
                        reference, building_id, pbo_id, level_id, network_id,
                        company_id, state, connector_count,
                        create_uid, write_uid, create_date, write_date
                    )
                    SELECT given.*, %(network)s, %(company)s, 'to_build',
                        %(connectors)s, %(user)s, %(user)s, %(now)s, %(now)s
                    FROM unnest(
                        %(references)s::varchar[], %(buildings)s::int[],
                        %(pbos)s::int[], %(levels)s::int[]
                    ) AS given
                    RETURNING id, reference
                ), logged AS (
                    INSERT INTO oiconnect_change (
                        res_model, res_id, reference, kind, network_id, date, user_id,
                        reason
                    )
                    SELECT %(model)s, id, reference, 'create', %(network)s, %(now)s,
                        %(user)s, %(reason)s
                    FROM made
                )
                SELECT reference, id FROM made
                """,
                network=network.id,
                company=network.company_id.id,
                connectors=int(network.socket_fibres),
                user=self.env.uid,
                now=self.env.cr.now(),
                references=[socket["reference"] for socket in sockets],
                buildings=[socket["building_id"] for socket in sockets],
                pbos=[socket["pbo_id"] for socket in sockets],
                levels=[socket["level_id"] or None for socket in sockets],
                model=self._name,
                reason=self.env.context.get("oiconnect_reason"),
            )
        )
        ids = dict(self.env.cr.fetchall())
        self.env["oiconnect.building"].invalidate_model(["pto_ids"], flush=False)
        return self.browse([ids[socket["reference"]] for socket in sockets])
