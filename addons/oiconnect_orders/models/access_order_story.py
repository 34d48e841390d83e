from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import format_date, format_datetime

from ..controls.story import FAILED, PASSED, WAIVED
from ..personal import tells_customer

HEAD = Markup('<h6 class="mt-3 mb-1">%s</h6>')
LINE = Markup('<li class="%s">%s</li>')
LINES = Markup('<ol class="list-unstyled mb-2">%s</ol>')
NOTE = Markup('<p class="mb-1">%s</p>')
STYLES = {PASSED: "text-muted", FAILED: "text-danger fw-bold", WAIVED: "text-warning"}


class AccessOrder(models.Model):
    """Tells in sentences why the order was answered as it was."""

    _inherit = "oiconnect.access.order"

    decision_story = fields.Html("Why?", compute="_compute_decision_story")

    @api.depends("decision_ids", "receipt_date")
    @api.depends_context("lang", "tz", "uid")
    def _compute_decision_story(self):
        for order in self:
            parts = [order._story_of(decision) for decision in order._told_decisions()]
            order.decision_story = order._story_of_receipt() + Markup().join(parts)

    def _told_decisions(self):
        return self.decision_ids.sorted("id")

    def _story_of_receipt(self):
        """What passed has no decision of its own: there is only one way to pass."""
        if not self.receipt_date or self.state == "ar_ko":
            return Markup()
        return HEAD % self.env._(
            "%s: receipt, all controls of form passed (1 to 3).",
            format_datetime(self.env, self.receipt_date),
        )

    def _story_of(self, decision):
        steps = decision.sudo().controls or []
        note = self._may_tell(decision, "note")
        lines = Markup().join(
            LINE % (STYLES[step["result"]], self._story_of_step(step)) for step in steps
        )
        return (
            HEAD % self._story_head(decision)
            + (NOTE % note if note else Markup())
            + (LINES % lines if lines else Markup())
        )

    def _story_head(self, decision):
        parts = {
            "date": format_datetime(self.env, decision.date),
            "kind": self._word(decision, "kind"),
            "outcome": self._word(decision, "outcome"),
            "reason": decision.reason_id.display_name,
            "who": decision.sudo().user_id.display_name,
        }
        if decision.road in ("job", "file"):
            head = self.env._("%(date)s: %(kind)s by the system, %(outcome)s")
        else:
            head = self.env._("%(date)s: %(kind)s by %(who)s, %(outcome)s")
        if decision.reason_id:
            head += self.env._(" (%(reason)s)")
        return head % parts

    @api.model
    def _word(self, record, name, value=None):
        """Return a value of a selection in the language of the screen."""
        words = dict(record._fields[name]._description_selection(self.env))
        value = value or record[name]
        return words.get(value, value)

    # ------------------------------------------------------------------
    # One control
    # ------------------------------------------------------------------

    def _story_of_step(self, step):
        words = self._story_words()
        label = words.get(step["control"], step["control"])
        told = [f"{step['number']}. {label}: {words[step['result']]}"]
        if step.get("code"):
            told.append(step["code"])
        head = " ".join(told)
        asked = self._told_values(step.get("asked"), self._asked_label)
        found = self._told_values(step.get("found"), self._found_label)
        parts = [head]
        if asked:
            parts.append(self.env._("ordered: %s", asked))
        if found:
            parts.append(self.env._("in the network: %s", found))
        return " — ".join(parts)

    def _told_values(self, values, label):
        hidden = not self._has_field_access(self._fields["comment"], "read")
        texts = []
        for key, value in (values or {}).items():
            if hidden and tells_customer(key):
                continue
            name, text = label(key, value)
            if text:
                texts.append(f"{name} « {text} »")
        return ", ".join(texts)

    def _asked_label(self, name, value):
        field = self._fields.get(name)
        if not field:
            return name, value
        if field.type == "selection":
            value = self._word(self, name, value)
        elif value is True:
            value = self.env._("yes")
        return field._description_string(self.env), value

    def _found_label(self, key, value):
        names = self._story_words()
        if key == "strategy":
            value = self._word(self.network_id, "route_choice", value)
        elif key.endswith("_date"):
            value = format_date(self.env, value)
        elif isinstance(value, list):
            value = ", ".join(map(str, value))
        elif value is True:
            value = self.env._("yes")
        return names.get(key, key), names.get(value, value)

    @api.model
    def _strategy_names(self):
        """Return what the ways to choose a route are called."""
        field = self.env["oiconnect.network"]._fields["route_choice"]
        return dict(field._description_selection(self.env))

    @api.model
    def _story_words(self):
        """Return what controls, results and compared data are called."""
        return {
            # Results
            "passed": self.env._("passed"),
            "failed": self.env._("failed"),
            "waived": self.env._("set aside"),
            # Controls
            "form": self.env._("Form of the order"),
            "address": self.env._("Address"),
            "building": self.env._("Building"),
            "level": self.env._("Staircase and floor"),
            "eligibility": self.env._("Building open to orders"),
            "pm": self.env._("PM of the address"),
            "pm_open": self.env._("PM open to orders"),
            "service": self.env._("Operator's service at the PM"),
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
            "free": self.env._("free fibres"),
            "needed": self.env._("fibres needed"),
            "wired": self.env._("already wired to the socket"),
            "strategy": self.env._("choice"),
            "reason": self.env._("why none"),
            "column": self.env._("column"),
            "problem": self.env._("problem"),
            # Values
            **self._strategy_names(),
            "deployed": self.env._("deployed"),
            "open": self.env._("open"),
            "closed": self.env._("closed"),
            "to_build": self.env._("to build"),
            "existing": self.env._("laid"),
            "loca": self.env._("rental"),
            "cofi": self.env._("co-financing"),
            "saturated": self.env._("saturated"),
            "no_connector": self.env._("no connector left"),
            "no_pbo": self.env._("no PBO"),
        }
