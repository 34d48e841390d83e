from odoo import api, models

from odoo.addons.oiconnect_base.reception import Reception
from odoo.addons.oiconnect_base.scheduled import wake
from odoo.addons.oiconnect_base.workflow import JOB

from ...controls.acknowledgement import TYPES, acknowledgement_refusals
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
        "CR_STOC": Reception("_receive_stoc_report", verbs={"report_stoc": {}}),
        "CR_RACCO": Reception("_receive_racco_report", verbs={"report": {}}),
        "CR_MES": Reception("_receive_activation", verbs={"activate": {}}),
        "ANNUL_ACCES": Reception(
            "_receive_cancellation",
            repeated=("operation",),
            verbs={"cancel": {"operation": "ANNUL"}},
        ),
        "RES_ACCES": Reception(
            "_receive_termination",
            repeated=("operation",),
            verbs={"terminate": {"operation": "RESIL"}},
        ),
    }

    _copied_fields = COPIED

    def _after_receipt(self, origin):
        if any(order.state == "ar_ok" for order in self):
            wake(self.env, "oiconnect_orders.cron_study")

    def _release_unique_values(self):
        self.route_ids._release()
        return super()._release_unique_values()

    def _run_next_steps(self):
        self.filtered(lambda order: order.state == "ar_ok")._study(JOB)

    def _form_refusals(self, line, operator, network):
        return acknowledgement_refusals(line, local_now())

    @api.model
    def _vals_of(self, line, refusals):
        """Return the values of the order of ``line``: all that can be stored."""
        vals = super()._vals_of(line, refusals)
        for name, known in TYPES.items():
            value = line.get(name)
            vals[name] = value in known and value.lower()
        vals["existing_socket"] = bool(line.get("existing_socket"))
        for name in ("order_date", "install_date"):
            vals[name] = from_local(line.get(name))
        vals["info"] = self._info_of(line)
        return vals

    @api.model
    def _info_of(self, line):
        """Return bilateral values and unknown columns, unchanged."""
        info = {
            key: value
            for key, value in line.items()
            if key.startswith("info_") and value is not None
        }
        return (info | (line.get("extra") or {})) or False
