from collections import defaultdict

from odoo import models
from odoo.tools import SQL

from ..reservation import PboSettings, Sockets, fill
from ..strategies import STRATEGIES

# The operator that a route is dedicated to, by its position or its whole module
DEDICATED = SQL(
    "COALESCE(position.dedicated_operator_id, module.dedicated_operator_id)"
)
WITH_POSITION = SQL(
    "LEFT JOIN oiconnect_pm_position position ON position.id = route.position_id"
    " LEFT JOIN oiconnect_pm_module module ON module.id = position.module_id"
)


class Route(models.Model):
    """Which free routes are looked at, and in what order: as the network wants it."""

    _inherit = "oiconnect.route"

    def _follow_networks(self, requests):
        """Tell the requests how their networks choose.

        :return: the settings by PBO
        """
        settings = self._settings_by_pbo(
            {pbo_id for request in requests for pbo_id in request.pbo_ids}
        )
        for request in requests:
            request.follow(settings, STRATEGIES)
        return settings

    def _settings_by_pbo(self, pbo_ids):
        if not pbo_ids:
            return {}
        self.env.cr.execute(
            SQL(
                """
                SELECT pbo.id, network.route_choice, network.socket_fibres::int,
                    network.scarce_fibres = 'refuse',
                    (SELECT count(*) FROM oiconnect_route
                     WHERE pbo_id = pbo.id AND state = 'free' AND pto_id IS NULL)
                FROM oiconnect_pbo pbo
                JOIN oiconnect_network network ON network.id = pbo.network_id
                WHERE pbo.id = ANY(%s)
                """,
                list(pbo_ids),
            )
        )
        return {pbo_id: PboSettings(*row) for pbo_id, *row in self.env.cr.fetchall()}

    def _lock_free(self, numbers, settings, wait):
        """Lock the first free routes at each PBO, as many as may be needed.

        First those that nobody holds; with ``wait``, those of a transaction that
        may still give them back.

        :param numbers: ``{(pbo id, operator id or None): routes, None for all}``
        :return: ``[(pbo id, operator id, route id, is dedicated)]``, best first
        """
        by_strategy = defaultdict(dict)
        for (pbo_id, operator_id), number in numbers.items():
            strategy = settings[pbo_id].strategy
            by_strategy[strategy][pbo_id, operator_id] = number
        rows = []
        for name, asked in by_strategy.items():
            self.env.cr.execute(self._free_query(STRATEGIES[name].order, asked, wait))
            rows += self.env.cr.fetchall()
        return rows

    def _free_query(self, order, numbers, wait):
        """Those dedicated to another operator are left, one's own come first."""
        pbo_ids, operator_ids = map(list, zip(*numbers, strict=True))
        return SQL(
            """
            SELECT wanted.pbo_id, wanted.operator_id, chosen.id, chosen.dedicated
            FROM unnest(%(pbos)s, %(operators)s::int[], %(numbers)s::int[])
                AS wanted(pbo_id, operator_id, number),
            LATERAL (
                SELECT route.id, %(dedicated)s IS NOT NULL AS dedicated
                FROM oiconnect_route route %(with_position)s
                WHERE route.pbo_id = wanted.pbo_id AND route.state = 'free'
                    AND route.pto_id IS NULL
                    AND (%(dedicated)s IS NULL OR %(dedicated)s = wanted.operator_id)
                ORDER BY %(dedicated)s, %(order)s LIMIT wanted.number
                FOR UPDATE OF route %(skip)s
            ) AS chosen
            """,
            pbos=pbo_ids,
            operators=operator_ids,
            numbers=list(numbers.values()),
            dedicated=DEDICATED,
            with_position=WITH_POSITION,
            order=SQL(order),
            skip=SQL() if wait else SQL("SKIP LOCKED"),
        )

    # ------------------------------------------------------------------
    # Sockets of several fibres
    # ------------------------------------------------------------------

    def _fill_sockets(self, pto_ids):
        """Wire the other fibres of sockets that were just opened; they stay free.

        Where the PBO has fewer, those it has: who must have all of them was refused
        before.
        """
        sockets, bare = self._sockets_to_fill(pto_ids)
        numbers = defaultdict(int)
        for pto_id, (pbo_id, fibres) in bare.items():
            numbers[pbo_id, None] += len(sockets.connectors_left(pto_id, fibres))
        if not numbers:
            return
        settings = self._settings_by_pbo({pbo_id for pbo_id, _operator in numbers})
        stock = defaultdict(list)
        for pbo_id, _operator, route_id, _own in self._lock_free(
            numbers, settings, wait=False
        ):
            stock[pbo_id].append(route_id)
        wiring = fill(sockets, bare, stock)
        if wiring:
            self._wire_at(wiring)

    def _sockets_to_fill(self, pto_ids):
        """Return the sockets of networks that lay several fibres, and their PBOs."""
        if not pto_ids:
            return Sockets({}, []), {}
        self.env.cr.execute(
            SQL(
                """
                SELECT pto.id, pto.connector_count, network.socket_fibres::int,
                    route.id, route.connector_number, route.pbo_id
                FROM oiconnect_pto pto
                JOIN oiconnect_network network ON network.id = pto.network_id
                JOIN oiconnect_route route ON route.pto_id = pto.id
                WHERE pto.id = ANY(%s) AND network.socket_fibres <> '1'
                ORDER BY pto.id
                """,
                list(pto_ids),
            )
        )
        capacities, wired, bare = {}, [], {}
        for pto_id, count, fibres, route_id, number, pbo_id in self.env.cr.fetchall():
            capacities[pto_id] = count
            wired.append((route_id, pto_id, number, False, None))
            bare[pto_id] = (pbo_id, fibres)
        return Sockets(capacities, wired), bare
