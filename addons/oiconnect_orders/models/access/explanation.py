from markupsafe import Markup

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import format_datetime

from odoo.addons.oiconnect_base.models.decisions.decision_mixin import HEAD

from ...controls.story import BY_NAME
from ...personal import tells_customer

# The operator's position is sent in columns of bilateral information.
OF_INFO = "oc_position_told"
LINK = Markup('<a href="/odoo/%s">%s</a>')
# Where one looks when no record is known: the list of all
LISTS = {
    "source": "oiconnect_orders.access_order_action",
    "order": "oiconnect_orders.access_order_action",
    "building": "oiconnect_infra.building_action",
    "pm": "oiconnect_infra.pm_action",
    "pbo": "oiconnect_infra.pbo_action",
    "pto": "oiconnect_infra.pto_action",
    "service": "oiconnect_orders.pm_service_action",
    "appointment": "oiconnect_orders.appointment_action",
}
# Records that one control leads to, at most
MAX_LINKS = 5


class AccessOrder(models.Model):
    """Why an order was answered as it was, with links to what was compared."""

    _inherit = "oiconnect.access.order"

    _controls = BY_NAME
    # "Mandatory data is missing"
    _missing_codes = ("FIMP15",)
    _deciding_kind = "study"

    @api.depends("receipt_date")
    def _compute_decision_story(self):
        return super()._compute_decision_story()

    def _story_introduction(self):
        """Return the sentence of a passed acknowledgement: it has no decision."""
        if not self.receipt_date or self.state == "ar_ko":
            return Markup()
        return HEAD % self.env._(
            "%s: receipt, all controls of form passed (1 to 3).",
            format_datetime(self.env, self.receipt_date),
        )

    @api.model
    def _story_heads(self, step):
        heads = {
            "given": self.env._("ordered: %s"),
            "known": (
                self.env._("expected: %s")
                if step["control"] == "form"
                else self.env._("in the network: %s")
            ),
        }
        return super()._story_heads(step) | heads

    @api.model
    def _field_of_column(self, name):
        # Other columns are those of bilateral information: a position at the PM.
        return self._fields.get(name) or self._fields[OF_INFO]

    def _known_of_step(self, step):
        found = dict(step.get("found") or {})
        if found.get("wired") and "free" in found:
            # Of those at the PTO: another number than that of the PBO
            found["free_wired"] = found.pop("free")
        return super()._known_of_step({**step, "found": found})

    def _may_show_value(self, key):
        readable = self._has_field_access(self._fields["comment"], "read")
        return readable or not tells_customer(key)

    def _found_label(self, key, value, field=None):
        if key == "strategy":
            field = ("oiconnect.network", "route_choice")
        return super()._found_label(key, value, field)

    @api.model
    def _strategy_names(self):
        """Return what the ways to choose a route are called."""
        field = self.env["oiconnect.network"]._fields["route_choice"]
        return dict(field._description_selection(self.env))

    @api.model
    def _story_words(self):
        """Return what controls and compared data are called."""
        return {
            **super()._story_words(),
            # Controls
            "form": self.env._("Form of the order"),
            "address": self.env._("Address"),
            "building": self.env._("Building"),
            "level": self.env._("Staircase and floor"),
            "eligibility": self.env._("Building open to orders"),
            "pm": self.env._("PM of the address"),
            "pm_open": self.env._("PM open to orders"),
            "service": self.env._("Operator's service at the PM"),
            "batch": self.env._("Address made available"),
            "service_type": self.env._("Type of order"),
            "socket": self.env._("Socket"),
            "socket_state": self.env._("State of the socket"),
            "holder": self.env._("Socket not held already"),
            "oc_position": self.env._("Operator's position at the PM"),
            "contact": self.env._("Customer's phone"),
            "appointment": self.env._("Appointment"),
            "reservation": self.env._("Free fibre"),
            # Data
            "buildings": self.env._("buildings"),
            "state": self.env._("state"),
            "order_report_date": self.env._("orders from"),
            "commercial_date": self.env._("marketing from"),
            "authorisation": self.env._("orders"),
            "kind": self.env._("type"),
            "pto": self.env._("PTO"),
            "pbo": self.env._("PBO"),
            "route": self.env._("route"),
            "free": self.env._("free routes at the PBO"),
            "needed": self.env._("fibres needed"),
            "wired": self.env._("already wired to the socket"),
            "strategy": self.env._("choice"),
            "reason": self.env._("why none"),
            "pbos": self.env._("PBOs"),
            "free_wired": self.env._("free routes at the socket"),
            "named": self.env._("buildings at this address"),
            "staircases": self.env._("known staircases"),
            "floors": self.env._("known floors"),
            "service_pm": self.env._("PM of the service"),
            "start_date": self.env._("since"),
            "end_date": self.env._("until"),
            "ptos": self.env._("PTOs at this address"),
            "at": self.env._("is at"),
            "order": self.env._("order that has it"),
            "positions": self.env._("positions known at this PM"),
            "start_at": self.env._("on"),
            "expiry_at": self.env._("expires on"),
            "work": self.env._("work"),
            "product": self.env._("product"),
            "known": self.env._("known values"),
            "column": self.env._("column"),
            "problem": self.env._("problem"),
            # Values
            **self._strategy_names(),
            "saturated": self.env._("saturated"),
            "no_connector": self.env._("no connector left"),
            "no_pbo": self.env._("no PBO"),
        }

    def _where_of_step(self, step, known):
        """Return links to the records of a control, else to the list of all.

        :param known: links that other controls of the order lead to, filled here
        """
        control = BY_NAME.get(step["control"])
        keys = control.where if control else ()
        found = step.get("found") or {}
        if found.get("order") and "order" not in keys:
            keys = ("order", *keys)
        links = []
        for key in keys:
            about = (key, found.get("order"), *found.get("buildings", ()))
            if about not in known:
                # By sudo on the way only: the reader's rights decide at its end.
                records = getattr(self.sudo(), f"_where_{key}")(found)
                known[about] = self._links_to(records.sudo(False))
            links += known[about]
        links = list(dict.fromkeys(links)) or self._links_to_list(keys)
        return Markup(", ").join(links[:MAX_LINKS])

    def _links_to(self, records):
        """Return a link to each record that the reader may open."""
        return [
            LINK % (f"{record._name}/{record.id}", record.display_name)
            for record in records._filtered_access("read")
        ]

    @api.model
    def _links_to_list(self, keys):
        actions = self.env["ir.actions.act_window"]
        for xmlid in (LISTS[key] for key in keys if key in LISTS):
            action = actions._for_xml_id(xmlid)
            if self.env[action["res_model"]].has_access("read"):
                return [LINK % (f"action-{xmlid}", action["name"])]
        return []

    def _where_source(self, found):
        return self._origin_record()

    def _where_building(self, found):
        if self.building_id or not found.get("buildings"):
            return self.building_id
        return self.env["oiconnect.building"].search(
            Domain("network_id", "=", self.network_id.id)
            & Domain("identifier", "in", found["buildings"]),
            limit=MAX_LINKS,
        )

    def _where_pm(self, found):
        return self.pm_id

    def _where_service(self, found):
        if self.pm_service_id or not self.pm_id:
            return self.pm_service_id
        return self.env["oiconnect.pm.service"].search(
            Domain("pm_id", "=", self.pm_id.id)
            & Domain("operator_id", "=", self.operator_id.id),
            limit=1,
        )

    def _where_pto(self, found):
        return self.pto_id

    def _where_pto_building(self, found):
        return self.pto_id.building_id

    def _where_pbo(self, found):
        return self.pbo_id or self.pto_id.pbo_id or self.building_id.pbo_ids

    def _where_order(self, found):
        """Return the operator's other order that stands in the way."""
        if not found.get("order"):
            return self.browse()
        return self.search(
            Domain("operator_id", "=", self.operator_id.id)
            & Domain("oc_reference", "=", found["order"])
            & Domain("id", "!=", self.id)
            & Domain("state", "!=", "ar_ko"),
            limit=1,
        )

    def _where_appointment(self, found):
        return self.env["oiconnect.appointment"].search(
            Domain("operator_id", "=", self.operator_id.id)
            & Domain("reference", "=", self.appointment_reference or False),
            limit=1,
        )
