from odoo import api, fields, models
from odoo.tools import format_datetime

# Of what happened in one second, the cause is told before what follows from it.
KINDS = ("line", "visit", "decision", "step", "message")
GOOD, BAD, ENDED = "success", "danger", "muted"
NEUTRAL, WAITING = "info", "warning"
STATE_STYLES = {
    "delivered": GOOD,
    "in_service": GOOD,
    "ar_ko": BAD,
    "cr_ko": BAD,
    "connect_ko": BAD,
    "mad_ko": BAD,
    "cancelled": ENDED,
    "overwritten": ENDED,
    "terminated": ENDED,
}
OUTCOME_STYLES = {"accepted": GOOD, "rejected": BAD}
VISIT_STYLES = {
    "done": GOOD,
    "customer_absent": BAD,
    "cancelled": ENDED,
    "expired": ENDED,
}
MESSAGE_STYLES = {"error": BAD, "pending": WAITING, "skipped": ENDED}


class AccessOrder(models.Model):
    """The whole life of an order in one list: what happened, when and by whom.

    Each kind of entry is read at once, whatever their number. What the reader may not
    read is not listed.
    """

    _inherit = "oiconnect.access.order"

    timeline = fields.Json(compute="_compute_timeline", exportable=False)

    @api.depends_context("lang", "tz", "uid")
    def _compute_timeline(self):
        for order in self:
            order.timeline = order._timeline()

    def _timeline(self):
        """Return the entries, the newest first."""
        self.ensure_one()
        return sorted(
            self._timeline_entries(),
            key=lambda entry: (entry["date"], KINDS.index(entry["kind"]), entry["id"]),
            reverse=True,
        )

    def _timeline_entries(self):
        """Return the entries in any order; for other parts to extend."""
        return [
            *map(self._step_entry, self.step_ids),
            *map(self._decision_entry, self.decision_ids),
            *map(self._message_entry, self.event_ids),
            *self._visit_entries(),
        ]

    @api.model
    def _entry(self, kind, record, date, title, *texts, style, who, links=()):
        return {
            "kind": kind,
            "id": record.id,
            "date": fields.Datetime.to_string(date),
            "title": title,
            "text": " · ".join(filter(None, texts)),
            "style": style,
            "who": who,
            "links": list(links),
        }

    @api.model
    def _may_tell(self, record, name):
        """Return the text of a field, to those who may read it."""
        readable = record._has_field_access(record._fields[name], "read")
        return readable and record[name]

    @api.model
    def _entry_link(self, record, label):
        return {"model": record._name, "id": record.id, "label": label}

    @api.model
    def _entry_author(self, record):
        """Return the person that acted on the screen, else the road."""
        user = record.sudo().user_id
        if record.road != "ui":
            return self._word(record, "road")
        return self._word(record, "road", "job") if user._is_superuser() else user.name

    # ------------------------------------------------------------------
    # Steps, decisions
    # ------------------------------------------------------------------

    def _step_entry(self, step):
        states = [step.source_label, step.target_label]
        return self._entry(
            "step",
            step,
            step.date,
            step.event_label,
            " → ".join(filter(None, dict.fromkeys(states))),
            self._may_tell(step, "note"),
            style=STATE_STYLES.get(step.target, NEUTRAL),
            who=self._entry_author(step),
        )

    def _decision_entry(self, decision):
        return self._entry(
            "decision",
            decision,
            decision.date,
            self._word(decision, "kind"),
            self._word(decision, "outcome"),
            decision.reason_id.display_name,
            self._may_tell(decision, "note"),
            style=OUTCOME_STYLES.get(decision.outcome, WAITING),
            who=self._entry_author(decision),
        )

    # ------------------------------------------------------------------
    # Messages to the operator
    # ------------------------------------------------------------------

    def _message_entry(self, event):
        told = self._told_by(event)
        bad = told.get("result") == "KO" or told.get("reason_code")
        return self._entry(
            "message",
            event,
            event.create_date,
            self._flow_label(event.flow),
            told.get("result"),
            self._reason_label(told.get("reason_code")),
            event.state != "done" and self._word(event, "state"),
            self._may_tell(event, "error"),
            style=MESSAGE_STYLES.get(event.state, BAD if bad else NEUTRAL),
            who=self.operator_id.interop_code,
            links=self._message_links(event),
        )

    @api.model
    def _reads_messages(self, event):
        return event._has_field_access(event._fields["payload"], "read")

    def _told_by(self, event):
        return event.payload if self._reads_messages(event) else {}

    def _message_links(self, event):
        if not self._reads_messages(event):
            return []
        return [self._entry_link(event, self.env._("Content"))]

    @api.model
    def _reason_label(self, code):
        return code and (self.env["oiconnect.reason"]._of(code).display_name or code)

    @api.model
    def _flow_label(self, code):
        """Return what users call the flow; only the border knows more than its code."""
        return code

    # ------------------------------------------------------------------
    # Appointments
    # ------------------------------------------------------------------

    def _visit_entries(self):
        for visit in self.appointment_ids:
            last = visit.step_ids.sorted("id")[-1:]
            for step in visit.step_ids:
                yield self._visit_entry(visit, step, step == last)

    def _visit_entry(self, visit, step, is_last):
        """The slot is told where it is the one that was agreed on: at the end."""
        slot = is_last and format_datetime(self.env, visit.start, dt_format="short")
        return self._entry(
            "visit",
            step,
            step.date,
            self.env._("Appointment: %s", visit._event_label(step.event)),
            slot,
            self._may_tell(step, "note"),
            style=VISIT_STYLES.get(step.target, NEUTRAL),
            who=self._entry_author(step),
            links=[self._entry_link(visit, visit.reference)],
        )
