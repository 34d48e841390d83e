from collections import defaultdict

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...const import UNUSABLE
from ...reservation import (
    PboSettings,
    PtoConnectors,
    Request,
    Stock,
    fill,
    share,
    wanted,
)
from ...strategies import STRATEGIES

# The operator that a route is dedicated to, by its position or its whole module
DEDICATED = SQL(
    "COALESCE(position.dedicated_operator_id, module.dedicated_operator_id)"
)
WITH_POSITION = SQL(
    "LEFT JOIN oiconnect_pm_position position ON position.id = route.position_id"
    " LEFT JOIN oiconnect_pm_module module ON module.id = position.module_id"
)


class Route(models.Model):
    """Life of a route: free, reserved for an operator, used, free again.

    All methods serve many routes in few statements. Two transactions never get
    the same route: rows are locked before they are given. Where another
    transaction holds what we need, PostgreSQL ends ours with a serialization
    error that callers retry (``odoo.service.model.retrying``, job queue).
    """

    _inherit = "oiconnect.route"

    @api.model
    @api.private
    def _reserve_free(self, pbos, operator, pto=None, connector_number=None):
        """Reserve one route for ``operator``; return it, or nothing when full."""
        [route_id] = self._reserve_batch(
            [
                {
                    "pbo_ids": pbos.ids,
                    "operator_id": operator.id,
                    "pto_id": pto and pto.id,
                    "connector_number": connector_number,
                }
            ]
        )
        return self.browse(route_id or ())

    @api.model
    @api.private
    def _reserve_batch(self, requests):
        """Reserve one route per request; return the list of route ids or False.

        A request is a dict: ``pbo_ids`` (by preference), ``operator_id``,
        ``pto_id``, ``connector_number`` and ``new_pto`` (the last three optional;
        a PTO will be made). A free route wired to the PTO is preferred, and is
        given to that PTO only. Otherwise the route comes from the PBO that the
        network's strategy chooses, on the next connector of the PTO; a PTO
        without a connector left gets nothing.

        With ``pto_values`` (its reference, building and level) the PTO is made where a
        route is found; ``more`` are other columns of the route, ids all.

        Each request is given ``explain``, why it got this route, or none, and its
        ``pto_id``.
        """
        requested = [Request.from_values(values) for values in requests]
        self.env.flush_all()
        settings = self._follow_networks(requested)
        ptos, waiting = self._reserve_on_ptos(requested)
        opened = {r.pto_id for r in waiting if r.pto_id and ptos.is_bare(r.pto_id)}
        waiting = [request for request in waiting if ptos.give_connector(request)]
        stock = Stock({pbo_id: mine.free for pbo_id, mine in settings.items()})
        for wait in (False, True):
            stock.see(self._lock_free(wanted(waiting), settings, wait))
            served = share(waiting, stock)
            opened |= self._create_ptos(served)
            self._assign(served)
            waiting = [request for request in waiting if not request.route_id]
        self._fill_ptos(opened)
        for values, request in zip(requests, requested, strict=True):
            values |= {"explain": request.explain, "pto_id": request.pto_id}
        return [request.route_id or False for request in requested]

    def _create_ptos(self, requests):
        """Make the PTOs that the requests ask for; return their ids."""
        lacking = [request for request in requests if request.pto_values]
        if not lacking:
            return set()
        ptos = self.env["oiconnect.pto"]._make_to_build(
            [r.pto_values | {"pbo_id": r.explain["pbo_id"]} for r in lacking]
        )
        for request, pto in zip(lacking, ptos, strict=True):
            request.pto_id = pto.id
        return set(ptos.ids)

    @api.model
    def _wire_at(self, wiring):
        """Wire routes: ``(route id, pto id, connector number)`` of each."""
        route_ids, pto_ids, numbers = map(list, zip(*wiring, strict=True))
        colours = self.env["oiconnect.fibre.colour"]._code_by_number()
        self.env.cr.execute(
            SQL(
                """
                UPDATE oiconnect_route route
                SET pto_id = pto.id, building_id = pto.building_id,
                    connector_number = given.number, connector_colour = given.colour,
                    write_uid = %s, write_date = now() AT TIME ZONE 'UTC'
                FROM unnest(%s, %s, %s, %s::varchar[])
                    AS given(id, pto_id, number, colour)
                JOIN oiconnect_pto pto ON pto.id = given.pto_id
                WHERE route.id = given.id
                RETURNING route.id, route.name, route.network_id, pto.reference,
                    given.number
                """,
                self.env.uid,
                route_ids,
                pto_ids,
                numbers,
                [colours.get(number) for number in numbers],
            )
        )
        self._log_written(
            (*route, field, before, after)
            for *route, pto, number in self.env.cr.fetchall()
            for field, before, after in (
                ("pto_id", None, pto),
                ("connector_number", "0", str(number)),
            )
        )
        self.browse(route_ids).invalidate_recordset(flush=False)
        for model in ("oiconnect.pto", "oiconnect.building"):
            self.env[model].invalidate_model(["route_ids"], flush=False)

    def _log_written(self, changes):
        """Log ``(route id, name, network id, field, before, after)`` of changes."""
        names = ("res_id", "reference", "network_id", "field", "before", "after")
        head = {"res_model": self._name, "kind": "write"}
        self.env["oiconnect.change"].sudo()._log(
            [head | dict(zip(names, change, strict=True)) for change in changes]
        )

    def _use(self):
        """The routes carry a service."""
        wrong = self.filtered(lambda route: route.state not in ("reserved", "used"))
        if wrong:
            raise UserError(
                self.env._(
                    "Route %s is not reserved: reserve it before it is used.",
                    wrong[0].name,
                )
            )
        self.sudo().filtered(lambda r: r.state == "reserved").write({"state": "used"})

    def _release(self, keep_pto=False):
        """Give the routes back; ``keep_pto``: they stay wired to their PTO."""
        vals = {"operator_id": False}
        if not keep_pto:
            vals |= {"pto_id": False, "connector_number": False}
        routes = self.sudo()
        ptos = self.env["oiconnect.pto"] if keep_pto else routes.pto_id
        broken = routes.filtered(lambda route: route.state in UNUSABLE)
        broken.write(vals)
        (routes - broken).write({"state": "free", **vals})
        ptos._unwire_unless_laid()

    # ------------------------------------------------------------------
    # Reservation
    # ------------------------------------------------------------------

    def _reserve_on_ptos(self, requests):
        """Give wired routes; return the PTOs, and who needs a route of a PBO."""
        ptos = self._lock_ptos({r.pto_id for r in requests if r.pto_id})
        served = [request for request in requests if ptos.give_wired(request)]
        self._assign(served)
        return ptos, [request for request in requests if not request.route_id]

    def _lock_ptos(self, pto_ids):
        """Lock the PTOs and the routes on them.

        The PTOs are written, not only locked: who waits for one has not seen
        its new wiring, and must start again.
        """
        if not pto_ids:
            return PtoConnectors({}, [])
        cr = self.env.cr
        cr.execute(
            SQL(
                """
                WITH locked AS (
                    SELECT id FROM oiconnect_pto WHERE id = ANY(%s)
                    ORDER BY id FOR UPDATE
                )
                UPDATE oiconnect_pto pto SET write_date = now() AT TIME ZONE 'UTC'
                FROM locked WHERE pto.id = locked.id
                RETURNING pto.id, pto.connector_count
                """,
                list(pto_ids),
            )
        )
        capacities = dict(cr.fetchall())
        cr.execute(
            SQL(
                """
                SELECT route.id, route.pto_id, route.connector_number,
                    route.state = 'free', %s
                FROM oiconnect_route route %s
                WHERE route.pto_id = ANY(%s) ORDER BY route.id FOR UPDATE OF route
                """,
                DEDICATED,
                WITH_POSITION,
                list(pto_ids),
            )
        )
        return PtoConnectors(capacities, cr.fetchall())

    def _assign(self, requests):
        """Write the routes that were given, and their history."""
        if not requests:
            return
        rows = self._update_reserved(requests)
        self._log_reserved(rows)
        routes = self.browse([request.route_id for request in requests])
        routes.invalidate_recordset(flush=False)
        for model in ("oiconnect.pto", "oiconnect.building"):
            self.env[model].invalidate_model(["route_ids"], flush=False)
        routes.modified(["state", "operator_id"])

    def _update_reserved(self, requests):
        """Return what the history needs of each route, before and after."""
        colours = self.env["oiconnect.fibre.colour"]._code_by_number()
        more = [SQL.identifier(name) for name in requests[0].more]
        self.env.cr.execute(
            SQL(
                """
                UPDATE oiconnect_route route
                SET state = 'reserved', operator_id = given.operator_id,
                    pto_id = given.pto_id, building_id = pto.building_id,
                    connector_number = given.number,
                    connector_colour = given.colour,
                    write_uid = %s, write_date = now() AT TIME ZONE 'UTC' %s
                FROM unnest(%s, %s, %s::int[], %s, %s::varchar[] %s)
                    AS given(id, operator_id, pto_id, number, colour %s)
                JOIN oiconnect_operator operator ON operator.id = given.operator_id
                LEFT JOIN oiconnect_pto pto ON pto.id = given.pto_id
                JOIN oiconnect_route old ON old.id = given.id
                WHERE route.id = given.id
                RETURNING route.id, route.name, route.network_id,
                    operator.interop_code, old.pto_id, pto.reference,
                    COALESCE(old.connector_number, 0), given.number
                """,
                self.env.uid,
                SQL().join(SQL(", %s = given.%s", name, name) for name in more),
                [request.route_id for request in requests],
                [request.operator_id for request in requests],
                [request.pto_id for request in requests],
                [request.connector_number for request in requests],
                [colours.get(request.connector_number) for request in requests],
                SQL().join(
                    SQL(", %s::int[]", [request.more[name] for request in requests])
                    for name in requests[0].more
                ),
                SQL().join(SQL(", %s", name) for name in more),
            )
        )
        return self.env.cr.fetchall()

    def _log_reserved(self, rows):
        lines = []
        for *route, operator, old_pto, pto, old_number, number in rows:
            changes = [("state", "free", "reserved"), ("operator_id", None, operator)]
            if pto and not old_pto:
                changes.append(("pto_id", None, pto))
            if number != old_number:
                changes.append(("connector_number", str(old_number), str(number)))
            lines += [(*route, *change) for change in changes]
        self._log_written(lines)

    # ------------------------------------------------------------------
    # Choice of the free routes
    # ------------------------------------------------------------------

    def _follow_networks(self, requests):
        """Set the strategy of each request from its network.

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

        First those that no transaction holds; with ``wait``, those of a transaction
        that may still give them back.

        :param numbers: ``{(pbo id, operator id or None): routes, None for all}``
        :return: ``[(pbo id, operator id, route id, is dedicated)]``, best first
        """
        by_strategy = defaultdict(dict)
        for (pbo_id, operator_id), number in numbers.items():
            strategy = settings[pbo_id].strategy
            by_strategy[strategy][pbo_id, operator_id] = number
        rows = []
        for name, counts in by_strategy.items():
            self.env.cr.execute(self._free_query(STRATEGIES[name].order, counts, wait))
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
    # PTOs of several fibres
    # ------------------------------------------------------------------

    def _fill_ptos(self, pto_ids):
        """Wire the other fibres of PTOs that were just opened; they stay free.

        Where the PBO has fewer, those it has: who must have all of them was refused
        before.
        """
        ptos, bare = self._ptos_to_fill(pto_ids)
        numbers = defaultdict(int)
        for pto_id, (pbo_id, fibres) in bare.items():
            numbers[pbo_id, None] += len(ptos.connectors_left(pto_id, fibres))
        if not numbers:
            return
        settings = self._settings_by_pbo({pbo_id for pbo_id, _operator in numbers})
        stock = defaultdict(list)
        for pbo_id, _operator, route_id, _own in self._lock_free(
            numbers, settings, wait=False
        ):
            stock[pbo_id].append(route_id)
        wiring = fill(ptos, bare, stock)
        if wiring:
            self._wire_at(wiring)

    def _ptos_to_fill(self, pto_ids):
        """Return the PTOs of networks that lay several fibres, and their PBOs."""
        if not pto_ids:
            return PtoConnectors({}, []), {}
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
        return PtoConnectors(capacities, wired), bare
