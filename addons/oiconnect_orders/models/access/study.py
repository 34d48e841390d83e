import logging
from collections import Counter

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.oiconnect_base.bulk import read_columns, write_columns
from odoo.addons.oiconnect_base.isolated_savepoint import isolated_savepoint
from odoo.addons.oiconnect_base.log_redaction import redacted_traceback
from odoo.addons.oiconnect_base.reception import QUIET
from odoo.addons.oiconnect_base.time_zone import local_today
from odoo.addons.oiconnect_base.workflow import JOB, SCREEN

from ...controls.acknowledgement import Refusal
from ...controls.referential import Referential
from ...controls.story import COMPARED_COLUMNS, explained_controls
from ...controls.study import study
from ...personal import CUSTOMER_GROUPS

_logger = logging.getLogger(__name__)

STUDY_BATCH = 1000
# What waits for a person is studied again when that person says so.
TO_STUDY = Domain("state", "=", "ar_ok") & Domain("proposed_reason_id", "=", False)
# Orders of one operator that are studied before it is another's turn, when many wait.
ORDERS_IN_TURN = 50


class AccessOrder(models.Model):
    """The study: controls of level 2, the reservation of a fibre, and the answer.

    Operators are served in turn: ten thousand orders of one do not delay the others.
    """

    _inherit = "oiconnect.access.order"

    proposed_reason_id = fields.Many2one(
        "oiconnect.reason",
        "Proposed reason",
        readonly=True,
        copy=False,
        ondelete="restrict",
        help="What the study found: the order waits for a person to decide",
    )
    proposed_comment = fields.Char(
        "Why it is proposed", readonly=True, copy=False, groups=CUSTOMER_GROUPS
    )

    study_broke = fields.Boolean(
        "Study broke",
        readonly=True,
        copy=False,
        help="The study stopped on an error of ours",
    )

    # Orders that wait for their study: operator_id = x order by id limit n
    _study_turn_idx = models.Index("(operator_id, id) WHERE state = 'ar_ok'")

    # Orders that wait for a person: in the work list, and left out by the study.
    _proposed_idx = models.Index(
        "(network_id, id) WHERE proposed_reason_id IS NOT NULL"
    )

    @api.model
    def _cron_study(self):
        """Study acknowledged orders, operators in turn, one transaction a batch."""
        self.env["ir.cron"]._commit_progress(remaining=self.search_count(TO_STUDY))
        for batch in self._study_batches(TO_STUDY, STUDY_BATCH):
            held = batch.try_lock_for_update(allow_referencing=True)
            held._study_isolated(JOB)
            if not self.env["ir.cron"]._commit_progress(len(batch)):
                break

    def _study_isolated(self, origin):
        """Study the orders in a savepoint; isolate by halves the one that fails."""
        with isolated_savepoint(self.env.cr) as attempt:
            self._study(origin)
        if attempt.error and len(self) > 1:
            half = len(self) // 2
            self[:half]._study_isolated(origin)
            self[half:]._study_isolated(origin)
            return
        if attempt.error:
            _logger.error(
                "%s cannot be studied: %s",
                self.display_name,
                redacted_traceback(attempt.error),
            )
        if len(self) == 1 and self.state == "ar_ok" and not self.study_broke:
            # Left where it was, and nothing is proposed: it is for a person.
            self.study_broke = not self.proposed_reason_id
            self._sync_todos()

    def _study(self, origin=SCREEN):
        """Answer acknowledged orders: each is accepted or rejected."""
        orders = self.with_context(**QUIET)
        orders = orders.sudo()._can_fire("accept")
        groups = orders.grouped(lambda order: (order.network_id, order.operator_id))
        for (_network, operator), group in groups.items():
            # Reasons are sent to the operator, in its language.
            group = group.with_context(lang=operator.lang)
            group._answer(*group._control_network(), origin)

    def _control_network(self):
        """Run the controls: return ``{order: place}`` and ``{order: refusal}``."""
        referential = Referential(self)
        today = local_today()
        places, refused = {}, {}
        for order in self:
            places[order], refusal = study(order, referential, today)
            if refusal:
                refused[order] = refusal
        return places, refused

    def _answer(self, places, refused, origin):
        """Accept the orders that have passed and get a fibre; reject the others."""
        passed = {order: p for order, p in places.items() if order not in refused}
        routes = self._reserve(passed)
        self._note_places(places)
        accepted = {order: route for order, route in routes.items() if route}
        unserved = self.browse([o.id for o in passed if o not in accepted])
        takeovers = unserved._lines_to_take_over()
        for order in unserved:
            if order not in takeovers:
                refused[order] = order._saturation(places[order].explain)
        self._reject(refused, places, origin)
        self._accept(accepted, takeovers, places, origin)

    def _note_places(self, places):
        """Store what was found, for readers of a rejected order too."""
        found = places.values()
        write_columns(
            self.browse([order.id for order in places]),
            {
                "building_id": [
                    p.building.id if len(p.building or ()) == 1 else None for p in found
                ],
                "pm_id": [p.pm and p.pm.id for p in found],
                "pto_id": [p.pto and p.pto.id for p in found],
                "pm_service_id": [p.service and p.service.id for p in found],
            },
        )

    # ------------------------------------------------------------------
    # Reservation
    # ------------------------------------------------------------------

    def _reserve(self, passed):
        """Return ``{order: route}``, empty where there is none."""
        requests = [
            {
                "pbo_ids": place.pbos.ids,
                "operator_id": order.operator_id.id,
                "pto_id": place.pto and place.pto.id,
                "connector_number": False,
                "new_pto": order._creates_pto(place.pto),
                "more": {"access_order_id": order.id},
            }
            for order, place in passed.items()
        ]
        self._request_ptos(passed, requests)
        routes = self.env["oiconnect.route"]
        route_ids = routes._reserve_batch(requests)
        given = tuple(filter(None, route_ids))
        for place, request in zip(passed.values(), requests, strict=True):
            place.explain = request["explain"]
            place.pto_id = request["pto_id"]
        self.browse([o.id for o in passed]).invalidate_recordset(
            ["route_ids"], flush=False
        )
        return {
            order: routes.browse(route_id or ()).with_prefetch(given)
            for order, route_id in zip(passed, route_ids, strict=True)
        }

    def _creates_pto(self, pto):
        """Tell whether the order has a PTO laid: it has all the network's fibres."""
        return not self.existing_socket and not (pto and pto.route_ids)

    def _request_ptos(self, passed, requests):
        """Have a PTO made for the orders that have none, as the report tells it."""
        lacking = [
            (place, request)
            for place, request in zip(passed.values(), requests, strict=True)
            if not place.pto
        ]
        lots = self.env["oiconnect.pto.lot"].sudo()
        references = lots._new_references(self.network_id, len(lacking))
        for (place, request), reference in zip(lacking, references, strict=True):
            request["pto_values"] = {
                "reference": reference,
                "building_id": place.building.id,
                "level_id": place.level and place.level.id,
            }

    def _saturation(self, explain):
        """Return why no fibre was given."""
        if explain.get("reason") == "no_connector":
            text = self.env._("All connectors of the socket are in use.")
        elif explain.get("free"):
            text = self.env._("The fibres left at the building's PBO are kept aside.")
            return Refusal("FINT02", None, text)
        else:
            text = self.env._("No fibre is free at the building's PBO.")
        return Refusal("FINT01", None, text)

    def _accept(self, accepted, takeovers, places, origin):
        for order, route in accepted.items():
            why = places[order].explain
            why.pop("pbo_id", None)
            why |= {"route": route.name, "pbo": route.pbo_id.reference}
        self._attach(accepted, places)
        for order, holder in takeovers.items():
            order.write(
                {
                    "pbo_id": holder.route_ids[:1].pbo_id.id,
                    "retained_type": order._retained_type(places[order]),
                    "takeover_of_id": holder.id,
                }
            )
        orders = self.browse([order.id for order in (*accepted, *takeovers)])
        orders._note_study("accepted", dict.fromkeys(orders), places, origin)
        orders._fire("accept", origin)
        orders._continue_if_automatic(origin)

    def _attach(self, accepted, places):
        """Bind each accepted order to its fibre, its PBO and its PTO."""
        orders = self.browse([order.id for order in accepted])
        write_columns(
            orders,
            {
                "pbo_id": [route.pbo_id.id for route in accepted.values()],
                "retained_type": [o._retained_type(places[o]) for o in orders],
                "pto_id": [places[o].pto_id for o in orders],
            },
        )

    def _retained_type(self, place):
        kind = self.requested_type
        if kind != "auto":
            return kind
        return place.service.kind if place.service else "loca"

    # ------------------------------------------------------------------
    # Operators in turn
    # ------------------------------------------------------------------

    @api.model
    def _study_batches(self, domain, size):
        """Yield the orders of ``domain`` by batches, until none has not been tried.

        A batch has orders of several operators, those that were served least first,
        the oldest order of each first. What a batch leaves in ``domain`` is left out.
        """
        served, left = Counter(), []
        while batch := self._next_in_turn(
            domain & Domain("id", "not in", left), size, served
        ):
            yield batch
            left += batch.filtered_domain(domain).ids

    def _next_in_turn(self, domain, size, served):
        waiting = self._read_group(domain, ["operator_id"], ["id:min"])
        turns = sorted(waiting, key=lambda group: (served[group[0].id], group[1]))
        turns = turns[: max(size // ORDERS_IN_TURN, 1)]
        batch = self.browse()
        for operator, _first in turns:
            served[operator.id] += 1
            own = domain & Domain("operator_id", "=", operator.id)
            batch += self.search(own, limit=max(size // len(turns), 1), order="id")
        return batch

    # ------------------------------------------------------------------
    # Rejection: at once, or left to a person; and taken back
    # ------------------------------------------------------------------

    def _reject(self, refused, places, origin):
        """Reject the orders of ``{order: refusal}``, or propose to."""
        if not refused:
            return
        left = {
            o: refusal for o, refusal in refused.items() if o._left_to_a_person(refusal)
        }
        rejected = {o: refusal for o, refusal in refused.items() if o not in left}
        self._keep_reasons(left, "proposed_reason_id", "proposed_comment")
        self._keep_reasons(rejected, "reason_id", "reason_comment")
        self.browse([order.id for order in left])._sync_todos()
        self._note_study("proposed", left, places, origin)
        self._note_study("rejected", rejected, places, origin)
        self.browse([order.id for order in rejected])._fire("reject", origin)

    def _left_to_a_person(self, refusal):
        reason = self._reason(refusal.code)
        return self.network_id.person_decides or reason.person_decides

    def _keep_reasons(self, refused, reason_field, comment_field):
        write_columns(
            self.browse([order.id for order in refused]),
            {
                reason_field: [self._reason(r.code).id for r in refused.values()],
                comment_field: [
                    r.translated(self.env).message for r in refused.values()
                ],
            },
        )

    def _note_study(self, outcome, refused, places, origin):
        """Keep why: ``refused`` is ``{order: refusal or None}``."""
        known = {}
        orders = self.browse([order.id for order in refused])
        values = dict(
            zip(refused, read_columns(orders, *COMPARED_COLUMNS), strict=True)
        )
        self.env["oiconnect.decision"]._append(
            orders,
            "study",
            [
                {
                    "outcome": outcome,
                    "reason_id": refusal and self._reason(refusal.code).id,
                    "controls": explained_controls(
                        values[order], places[order], refusal, known
                    ),
                    "note": refusal and str(refusal.translated(self.env).message),
                }
                for order, refusal in refused.items()
            ],
            origin,
        )

    def _forget_proposal(self, transition, values, origin):
        """Clear the proposed rejection of answered orders."""
        if transition.target not in (None, "ar_ok"):
            self.filtered("proposed_reason_id").write(
                {"proposed_reason_id": False, "proposed_comment": False}
            )

    def _override(self, waived, reason):
        """Set a control aside for the order, open it again and study it.

        :param waived: the step of the story, with what was ``chosen``; None to study
            again only
        """
        self.ensure_one()
        if self.state == "cr_ko":
            self._fire("reopen", note=reason)
        elif not self.proposed_reason_id:
            raise self._refusal("reopen")
        self.write({"proposed_reason_id": False, "proposed_comment": False})
        choice = waived and waived.pop("chosen")
        self._waive_control(waived, choice, reason)
        self._study()

    def _notify_study_result(self):
        accepted = self.filtered(lambda order: order.state not in ("ar_ok", "cr_ko"))
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if accepted == self else "warning",
                "message": self.env._(
                    "Orders studied: %(all)s; accepted: %(accepted)s.",
                    all=len(self),
                    accepted=len(accepted),
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------

    def action_study(self):
        """Study the orders now; notify the result when there are several."""
        self.check_access("write")
        self._refuse_unless_ready("accept")
        self._study()
        return len(self) > 1 and self._notify_study_result()

    def action_override(self):
        """Open the dialog that sets the failed control aside."""
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Take the rejection back"),
            "res_model": "oiconnect.access.order.override",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_order_id": self.id,
                "default_building_id": self.building_id.id,
                "default_pm_id": self.building_id.pm_id.id,
                "default_pto_id": self.pto_id.id,
            },
        }

    def action_confirm_rejection(self):
        """Reject the orders for the reasons that their study proposed."""
        self.check_access("write")
        orders = self.sudo().filtered("proposed_reason_id")
        if self - orders:
            raise UserError(
                self.env._(
                    "Nothing is proposed for %s: study it first.",
                    (self - orders)[:1].display_name,
                )
            )
        orders._lock_for_workflow()
        for order in orders:
            order.write(
                {
                    "reason_id": order.proposed_reason_id.id,
                    "reason_comment": order.proposed_comment,
                }
            )
        orders._note_decision("study", "rejected")
        orders._fire("reject")
