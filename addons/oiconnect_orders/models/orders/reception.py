from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.oiconnect_base.bulk import create_rows
from odoo.addons.oiconnect_base.reception import QUIET
from odoo.addons.oiconnect_base.workflow import SCREEN

from ...controls.acknowledgement import Refusal, first_code
from ...controls.story import refused_form
from ...protocol_time import from_local, local_iso


class OrderMixin(models.AbstractModel):
    """Receipt: lines of a flow become orders, acknowledged or refused, never lost.

    A model declares what it copies of a line (``_copied_fields``) and its controls
    (``_form_refusals``). Later flows name an order by both references
    (``_named_order``); what names none is answered too.
    """

    _inherit = "oiconnect.order.mixin"

    # Keys of a line, and fields of the same names, that an order keeps
    _copied_fields = ()

    @api.model
    @api.private
    def _receive(self, lines, operator, network, origin=SCREEN):
        """Take in order lines: each becomes an order, acknowledged or refused.

        :param lines: dicts with the English keys of the flow; ``errors`` holds
            what the border already found (:class:`Refusal`)
        :return: ``[(order, [Refusal, …])]`` in the order of the lines
        """
        orders = self.with_context(**QUIET)
        refusals = orders._acknowledgement_refusals(lines, operator, network)
        created = create_rows(
            orders.sudo(),
            [
                orders._vals_of(line, found)
                | {
                    "operator_id": operator.id,
                    "network_id": network.id,
                    "company_id": network.company_id.id,
                    "origin": origin.name,
                    "flow_version": origin.version,
                }
                | orders._network_vals(line, operator, network)
                for line, found in zip(lines, refusals, strict=True)
            ],
            lambda made: made._acknowledge_or_refuse(refusals, origin),
        )
        created._after_receipt(origin)
        return list(zip(orders.browse(created.ids), refusals, strict=True))

    def _after_receipt(self, origin):
        """Hook: what comes at once after the receipt of new orders."""

    def _release_unique_values(self):
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE %s SET oc_reference = NULL WHERE id = ANY(%s)",
                SQL.identifier(self._table),
                self.ids,
            )
        )

    def _acknowledge_or_refuse(self, refusals, origin):
        """Acknowledge or refuse new orders, whose rows are not written yet."""
        self._note_creation(origin)
        refused = self.filtered("reason_id")
        refused._note_acknowledgement(dict(zip(self, refusals, strict=True)), origin)
        refused._apply_event("refuse_receipt", {}, origin)
        (self - refused)._apply_event("acknowledge", {}, origin)

    # ------------------------------------------------------------------
    # Controls of level 1
    # ------------------------------------------------------------------

    def _acknowledgement_refusals(self, lines, operator, network):
        taken = self._taken_references(lines, operator)
        found = []
        for line in lines:
            refusals = self._line_refusals(line, operator, network, taken)
            if not refusals:
                taken.add(line["oc_reference"])
            found.append([r.with_given(line.get(r.field)) for r in refusals])
        return found

    def _line_refusals(self, line, operator, network, taken):
        refusals = list(line.get("errors") or ())
        at_fault = {refusal.field for refusal in refusals}
        # What a line says that could not be cut into cells means nothing.
        if None in at_fault:
            return refusals
        refusals += [
            refusal.translated(self.env)
            for refusal in self._form_refusals(line, operator, network)
            if refusal.field not in at_fault
        ]
        refusals += self._length_refusals(line, self._copied_fields)
        if line.get("oc_reference") in taken:
            text = self.env._("The operator already has an order with this reference.")
            known = {"order": line["oc_reference"]}
            refusals.append(Refusal("FIMP13", "oc_reference", text, known))
        return refusals

    def _form_refusals(self, line, operator, network):
        """Hook: return every reason to refuse ``line`` at its receipt."""
        return []

    def _length_refusals(self, line, names):
        """Refuse what no column stores whole: formats are data, and may allow more."""
        return [
            Refusal(
                "FIMP16",
                name,
                self.env._(
                    "%(count)s characters, where %(limit)s are kept: shorten this "
                    "value.",
                    count=len(line[name]),
                    limit=limit,
                ),
            )
            for name, limit in self._limits(names).items()
            if len(line.get(name) or "") > limit
        ]

    def _limits(self, names=None):
        """Return ``{field: maximum length}`` of the values of a line."""
        names = names or self._copied_fields
        sizes = {name: getattr(self._fields[name], "size", None) for name in names}
        return {name: size for name, size in sizes.items() if size}

    def _taken_references(self, lines, operator):
        names = [line["oc_reference"] for line in lines if line.get("oc_reference")]
        known = self.sudo().search_fetch(
            Domain("operator_id", "=", operator.id)
            & Domain("oc_reference", "in", names)
            & Domain("state", "!=", "ar_ko"),
            ["oc_reference"],
        )
        return set(known.mapped("oc_reference"))

    @api.model
    def _vals_of(self, line, refusals):
        """Return the values of the order of ``line``: all that can be stored."""
        vals = {name: line.get(name) for name in self._copied_fields}
        for name, limit in self._limits().items():
            if refusals:
                vals[name] = vals[name] and vals[name][:limit]
        if refusals:
            code = first_code(refusals)
            vals["reason_id"] = self._reason(code).id
            vals["reason_comment"] = next(r.message for r in refusals if r.code == code)
        return vals

    def _network_vals(self, line, operator, network):
        """Hook: return the values of an order that the network gives for ``line``."""
        return {}

    def _note_acknowledgement(self, refusals, origin):
        """Keep which columns were refused at acknowledgement, and why."""
        if not self:
            return
        self.env["oiconnect.decision"]._append(
            self,
            "receipt",
            [
                {
                    "outcome": "rejected",
                    "reason_id": order.reason_id.id,
                    "controls": [refused_form(refusal) for refusal in refusals[order]],
                }
                for order in self
            ],
            origin,
        )

    # ------------------------------------------------------------------
    # The order that a later line names
    # ------------------------------------------------------------------

    def _named_order(self, line, operator, network):
        """Return ``(order, refusal)``: both references must agree."""
        orders = self.with_context(**QUIET).sudo()
        named = line.get("oc_reference")
        own = Domain("operator_id", "=", operator.id) & Domain(
            "network_id", "=", network.id
        )
        wanted = Domain("oc_reference", "=", named) & Domain("state", "!=", "ar_ko")
        order = orders.search(own & wanted, limit=1) if named else orders.browse()
        if not order:
            return order, Refusal(
                "FIMP14",
                "oc_reference",
                self.env._("No order of the operator has this reference."),
            )
        sent = line.get("service_reference")
        if sent and sent != order.service_reference:
            return order, Refusal(
                "FIMP16",
                "service_reference",
                self.env._("This is not the service reference of this order."),
            )
        return order, None

    @api.model
    def _order_of_line(self, line, operator, network, origin):
        """Hook: return ``(order, refusal)`` of the order that ``line`` is about."""
        return self._named_order(line, operator, network)

    def _receive_ending(
        self, line, operator, network, origin, event, flow, **answer_values
    ):
        """Fire the end that ``line`` asks for; answer OK or KO by ``flow``.

        :param answer_values: added to the answer where no order has the reference
        """
        order, refusal = self._order_to_end(
            line, operator, network, origin, flow, answer_values
        )
        if not order:
            return order, [refusal]
        if refusal := refusal or order._ending_refusal(line, answer_values):
            return order._refuse_ending(event, origin, refusal)
        date = from_local(line.get("date"))
        done, refusals = order._fire_or_refuse(
            order._end_event(event, date), origin, date=date, note=line.get("comment")
        )
        if refusals:
            return order._refuse_ending(event, origin, refusals[0])
        return done, []

    def _order_to_end(self, line, operator, network, origin, flow, answer_values):
        """Return ``(order, refusal)``; what names no order is answered by ``flow``."""
        order, refusal = self._order_of_line(line, operator, network, origin)
        # What the border could not read is reported before what it names.
        refusal = next(iter(line.get("errors") or ()), refusal)
        if not order:
            self._answer_unknown(
                flow, line, operator, network, origin, refusal, **answer_values
            )
        return order, refusal

    def _ending_refusal(self, line, answer_values):
        """Hook: return why the end that ``line`` asks for is refused, or None."""

    @api.model
    def _end_event(self, event, date):
        """Hook: return what ``event`` is when it takes effect on ``date``."""
        return event

    def _refuse_ending(self, event, origin, refusal, **answer_values):
        """Answer KO where the order's state has this answer; the state stays."""
        event, text = f"refuse_{event}", str(refusal.message)
        if self._can_fire(event):
            self._fire(event, origin, code=refusal.code, note=text, **answer_values)
        return self, [refusal]

    def _answer_unknown(self, flow, line, operator, network, origin, refusal, **more):
        """Answer KO, by ``flow``, a line that names no order of the operator.

        :param more: what the answer tells besides
        """
        self.env["oiconnect.event"].sudo().create(
            {
                "flow": flow,
                "channel": self._event_channel(flow),
                "operator_id": operator.id,
                "network_id": network.id,
                "version": origin.version,
                "group_key": origin.group,
                "payload": {
                    "oc_reference": line.get("oc_reference"),
                    "service_reference": None,
                    **more,
                    "result": "KO",
                    "reason_code": refusal.code,
                    "date": local_iso(self.env.cr.now()),
                    "comment": str(refusal.message),
                    "line": line.get("line"),
                },
            }
        )
