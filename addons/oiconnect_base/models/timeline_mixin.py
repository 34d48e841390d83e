from types import MappingProxyType

from odoo import api, fields, models
from odoo.tools import format_datetime

GOOD, BAD, ENDED = "success", "danger", "muted"
NEUTRAL, WAITING = "info", "warning"
MESSAGE_STYLES = {"error": BAD, "pending": WAITING, "skipped": ENDED}


class TimelineMixin(models.AbstractModel):
    """Timeline of a record: steps, messages, missed delays, decisions, newest first.

    Its steps, its messages and its missed delays; each addon adds what else it knows
    (``_timeline_kinds`` and ``_timeline_entries``). Each kind of entry is read at once,
    whatever their number. What the reader may not read is not listed.
    """

    _name = "oiconnect.timeline.mixin"
    _description = "Story of a record"
    _inherit = "oiconnect.workflow"

    # {state: style of the steps that lead to it}
    _timeline_styles = MappingProxyType({})

    timeline = fields.Json(compute="_compute_timeline", exportable=False)

    @api.depends_context("lang", "tz", "uid")
    def _compute_timeline(self):
        for record in self:
            record.timeline = record._timeline()

    def _timeline(self):
        """Return the entries, the newest first."""
        self.ensure_one()
        kinds = self._timeline_kinds()
        ranks = {kind: rank for rank, kind in enumerate(kinds)}
        entries = sorted(
            self._timeline_entries(),
            key=lambda entry: (entry["date"], ranks[entry["kind"]], entry["id"]),
            reverse=True,
        )
        for entry in entries:
            entry["icon"], entry["label"] = kinds[entry["kind"]]
        return entries

    @api.model
    def _timeline_kinds(self):
        """Return ``{kind of entry: (icon, label)}``; for other parts to extend.

        Of what happened in one second, the kind that comes first is shown first: the
        cause before what follows from it.
        """
        step = "fa-flag", self.env._("Step")
        message = "fa-paper-plane", self.env._("Message to the operator")
        delay = "fa-hourglass-end", self.env._("Missed delay")
        return {"step": step, "message": message, "delay": delay}

    def _timeline_entries(self):
        """Return the entries in any order; for other parts to extend."""
        entries = [
            *map(self._step_entry, self.step_ids),
            *map(self._message_entry, self.event_ids),
        ]
        if "miss_ids" in self and self.env["oiconnect.delay.miss"].has_access("read"):
            entries += map(self._miss_entry, self.miss_ids)
        return entries

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
    def _word(self, record, name, value=None):
        """Return a value of a selection in the language of the screen."""
        words = dict(record._fields[name]._description_selection(self.env))
        value = value or record[name]
        return words.get(value, value)

    @api.model
    def _entry_link(self, record, label):
        return {"model": record._name, "id": record.id, "label": label}

    @api.model
    def _entry_author(self, record):
        """Return the person that acted on the screen, else the channel."""
        user = record.sudo().user_id
        if record.channel != "ui":
            return self._word(record, "channel")
        return (
            self._word(record, "channel", "job") if user._is_superuser() else user.name
        )

    def _step_entry(self, step):
        states = [step.source_label, step.target_label]
        return self._entry(
            "step",
            step,
            step.date,
            step.event_label,
            " → ".join(filter(None, dict.fromkeys(states))),
            step.readable_note,
            style=self._timeline_styles.get(step.target, NEUTRAL),
            who=self._entry_author(step),
        )

    def _miss_entry(self, miss):
        """A missed delay stands where it was due, and says when it came."""
        came = miss.done_date and format_datetime(self.env, miss.done_date)
        return self._entry(
            "delay",
            miss,
            miss.due_date,
            self.env._("Missed delay: %s", self._word(miss, "kind")),
            self.env._("came on %s", came) if came else self.env._("still awaited"),
            style=BAD,
            who=self._word(miss, "awaited"),
        )

    def _message_entry(self, event):
        payload = event.readable_payload or {}
        bad = payload.get("result") == "KO" or payload.get("reason_code")
        return self._entry(
            "message",
            event,
            event.create_date,
            self._flow_label(event.flow),
            payload.get("result"),
            self._reason_label(payload.get("reason_code")),
            event.state != "done" and self._word(event, "state"),
            event.readable_error,
            style=MESSAGE_STYLES.get(event.state, BAD if bad else NEUTRAL),
            who=self.operator_id.interop_code,
            links=self._message_links(event),
        )

    def _message_links(self, event):
        readable = event.readable_payload
        return [self._entry_link(event, self.env._("Content"))] if readable else []

    @api.model
    def _reason_label(self, code):
        """Return what users call a code; only an addon with codes knows more."""
        return code

    @api.model
    def _flow_label(self, code):
        """Return what users call the flow; only the border knows more than its code."""
        return code
