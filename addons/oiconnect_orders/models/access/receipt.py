from odoo import api, models
from odoo.fields import Domain

from odoo.addons.oiconnect_base.bulk import create_rows
from odoo.addons.oiconnect_base.reception import QUIET, Reception
from odoo.addons.oiconnect_base.workflow import JOB, SCREEN

from ...controls.acknowledgement import (
    TYPES,
    Refusal,
    acknowledgement_refusals,
    first_code,
)
from ...controls.story import refused_form
from ...protocol_time import from_local, local_now

COPIED = (
    "oc_reference city postal_code insee_code rivoli_code street_number "
    "street_number_suffix street_type street_name address_code building_identifier "
    "building_name staircase floor pm_reference pm_service_reference pto_reference "
    "appointment_reference customer_name customer_firstname customer_contact1 "
    "customer_contact2 comment offer"
).split()


class AccessOrder(models.Model):
    """Receipt: lines of CMD_ACCES become orders, acknowledged or refused (level 1)."""

    _inherit = "oiconnect.access.order"

    _received_flows = {
        "CMD_ACCES": Reception("_receive", by_lot=True, creates=True),
        "CR_STOC": Reception("_receive_stoc_report"),
        "CR_RACCO": Reception("_receive_racco_report"),
        "CR_MES": Reception("_receive_activation"),
        "ANNUL_ACCES": Reception("_receive_cancellation", repeated=("operation",)),
        "RES_ACCES": Reception("_receive_termination", repeated=("operation",)),
    }

    @api.model
    @api.private
    def _receive(self, lines, operator, network, origin=SCREEN):
        """Take in order lines: each becomes an order, acknowledged or refused.

        :param lines: dicts with the English keys of CMD_ACCES; ``errors`` holds
            what the border already found (:class:`Refusal`)
        :return: ``[(order, [Refusal, …])]`` in the order of the lines
        """
        orders = self.with_context(**QUIET)
        refusals = orders._acknowledgement_refusals(lines, operator)
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
                for line, found in zip(lines, refusals, strict=True)
            ],
            lambda made: made._acknowledge_or_refuse(refusals, origin),
        )
        if any(order.state == "ar_ok" for order in created):
            self.env.ref("oiconnect_orders.cron_study").sudo()._trigger()
        return list(zip(orders.browse(created.ids), refusals, strict=True))

    def _release_unique_values(self):
        self.route_ids._release()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE oiconnect_access_order SET oc_reference = NULL WHERE id = ANY(%s)",
            [self.ids],
        )

    def _run_next_steps(self):
        self.filtered(lambda order: order.state == "ar_ok")._study(JOB)

    def _acknowledge_or_refuse(self, refusals, origin):
        """Acknowledge or refuse new orders, whose rows are not written yet."""
        self._log_steps("create", dict.fromkeys(self.ids, False), origin)
        refused = self.filtered("reason_id")
        refused._note_acknowledgement(dict(zip(self, refusals, strict=True)), origin)
        refused._apply_event("refuse_receipt", {}, origin)
        (self - refused)._apply_event("acknowledge", {}, origin)

    def _acknowledgement_refusals(self, lines, operator):
        now = local_now()
        taken = self._taken_references(lines, operator)
        found = []
        for line in lines:
            refusals = self._line_refusals(line, now, taken)
            if not refusals:
                taken.add(line["oc_reference"])
            found.append([r.with_given(line.get(r.field)) for r in refusals])
        return found

    def _line_refusals(self, line, now, taken):
        refusals = list(line.get("errors") or ())
        at_fault = {refusal.field for refusal in refusals}
        # What a line says that could not be cut into cells means nothing.
        if None in at_fault:
            return refusals
        refusals += [
            refusal.translated(self.env)
            for refusal in acknowledgement_refusals(line, now)
            if refusal.field not in at_fault
        ]
        refusals += self._length_refusals(line)
        if line.get("oc_reference") in taken:
            text = self.env._("The operator already has an order with this reference.")
            known = {"order": line["oc_reference"]}
            refusals.append(Refusal("FIMP13", "oc_reference", text, known))
        return refusals

    def _length_refusals(self, line, names=COPIED):
        """Refuse what no column keeps whole: formats are data, and may allow more."""
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

    def _limits(self, names=COPIED):
        """Return ``{field: characters kept}`` of what a line says."""
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
        """Return the values of the order of ``line``: all that can be kept."""
        vals = {name: line.get(name) for name in COPIED}
        for name, limit in self._limits().items() if refusals else ():
            vals[name] = vals[name] and vals[name][:limit]
        for name, known in TYPES.items():
            value = line.get(name)
            vals[name] = value in known and value.lower()
        vals["existing_socket"] = bool(line.get("existing_socket"))
        for name in ("order_date", "install_date"):
            vals[name] = from_local(line.get(name))
        vals["info"] = self._info_of(line)
        if refusals:
            code = first_code(refusals)
            vals["reason_id"] = self._reason(code).id
            vals["reason_comment"] = next(r.message for r in refusals if r.code == code)
        return vals

    @api.model
    def _info_of(self, line):
        """Bilateral values and columns that no one knows are kept as they are."""
        info = {
            key: value
            for key, value in line.items()
            if key.startswith("info_") and value is not None
        }
        return (info | (line.get("extra") or {})) or False

    @api.model
    def _reason(self, code):
        """Return the reason ``code``; "other" where the list lacks it."""
        reasons = self.env["oiconnect.reason"].sudo()
        return reasons._of(code) or reasons._of("FAUT01")

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
