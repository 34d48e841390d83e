from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.oiconnect_base.exceptions import RefusedError


class LinkOrder(models.Model):
    """Fibres of an order: found free, reserved, given back.

    Who orders writes the row of the link first, and so does each change of its fibres:
    of two transactions on one link, the second begins again and sees what the first
    one took.
    """

    _inherit = "oiconnect.link.order"

    @api.model
    def _lock_links(self, links):
        """Let no other transaction take fibres of ``links`` until the end of this one.

        Written, not only locked: who waits must not go on with what it saw before.
        """
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                WITH held AS (
                    SELECT id FROM oiconnect_pm_link WHERE id = ANY(%s)
                    ORDER BY id FOR UPDATE
                )
                UPDATE oiconnect_pm_link link SET write_date = link.write_date
                FROM held WHERE link.id = held.id
                """,
                links.ids,
            )
        )

    @api.model
    def _free_fibre_count(self, link):
        """Return how many fibres of ``link`` can be ordered; None when unknown.

        Fibres that orders in progress wait for, as none was listed when they came, are
        not free. A link that is not built may have no fibre written down yet.
        """
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                SELECT CASE WHEN listed.total > 0 THEN listed.free
                            WHEN link.capacity > 0 OR link.state = 'deployed'
                            THEN COALESCE(link.capacity, 0)
                                - COALESCE(link.used_fibre_count, 0)
                       END - promised.count
                  FROM oiconnect_pm_link link,
                LATERAL (
                    SELECT count(*) AS total, count(*) FILTER (WHERE %s) AS free
                      FROM oiconnect_pm_link_fibre fibre WHERE fibre.link_id = link.id
                ) AS listed,
                LATERAL (
                    SELECT COALESCE(sum(waiting.fibre_count), 0) AS count
                      FROM oiconnect_link_order waiting
                     WHERE waiting.link_id = link.id AND waiting.state = 'ar_ok'
                       AND NOT EXISTS (
                           SELECT FROM oiconnect_link_order_fibre
                            WHERE order_id = waiting.id
                       )
                ) AS promised
                 WHERE link.id = %s
                """,
                self._is_free_sql(),
                link.id,
            )
        )
        [count] = self.env.cr.fetchone()
        return None if count is None else max(int(count), 0)

    @api.model
    def _is_free_sql(self):
        """Return the condition that the row ``fibre`` can be ordered."""
        return SQL(
            """fibre.state = 'free' AND NOT EXISTS (
                SELECT FROM oiconnect_link_order_fibre held
                 WHERE held.fibre_id = fibre.id AND held.end_date IS NULL
            )"""
        )

    def _reserve_fibres(self):
        """Reserve the fibres of the order, those of the lowest numbers, or none."""
        self.ensure_one()
        self._lock_links(self.link_id)
        self.env.cr.execute(
            SQL(
                """
                SELECT id FROM oiconnect_pm_link_fibre fibre
                 WHERE fibre.link_id = %s AND %s
                 ORDER BY fibre.number LIMIT %s FOR UPDATE
                """,
                self.link_id.id,
                self._is_free_sql(),
                self.fibre_count,
            )
        )
        ids = [fibre_id for (fibre_id,) in self.env.cr.fetchall()]
        if len(ids) < self.fibre_count:
            return
        fibres = self.env["oiconnect.pm.link.fibre"].sudo().browse(ids)
        fibres.write({"state": "reserved", "operator_id": self.operator_id.id})
        lines = self.env["oiconnect.link.order.fibre"].sudo()
        lines.create(
            [
                {"order_id": self.id, "fibre_id": fibre.id, "number": fibre.number}
                for fibre in fibres
            ]
        )._forget_held()

    def _reserve_missing_fibres(self):
        """Reserve for an order that came before the fibres of its link were listed.

        :raises RefusedError: the link has not so many free ones
        """
        for order in self.filtered(lambda order: not order.held_fibre_ids):
            order._reserve_fibres()
            if not order.held_fibre_ids:
                raise RefusedError(
                    self.env._(
                        "%(order)s: link %(link)s lacks listed free fibres; ordered: "
                        "%(count)s. List its fibres on the form of the link, or tell "
                        "the operator that the order cannot be produced.",
                        order=order.display_name,
                        link=order.link_id.reference,
                        count=order.fibre_count,
                    )
                )

    def _open_service(self):
        """Give each order the service that it makes or extends, and what it tells."""
        services = self.env["oiconnect.link.service"]
        for order in self:
            if not order.service_id:
                order.service_id = services._begin(
                    order.operator_id, order.network_id, link_id=order.link_id.id
                )
            order.service_reference = order.service_id.reference
            order.length_km = order.link_id.length_km

    def _release_unique_values(self):
        """Give back the fibres too, which bar the same order."""
        self.held_fibre_ids._give_back(fields.Datetime.now())
        self.service_id._end_if_empty()
        return super()._release_unique_values()
