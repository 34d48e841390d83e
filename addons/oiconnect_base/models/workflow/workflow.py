from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import LockError, UserError

from ...bulk import read_columns
from ...exceptions import BusyError, WorkflowError
from ...plural import plural
from ...workflow import SCREEN, Origin, Transition

# Given to what follows transitions when a record is created
CREATION = Transition("create", (), None)
# Contexts that come by RPC are JSON: no client can send this very object.
_WORKFLOW = object()
# Names shown of the records that refuse an event, by state
MAX_NAMES = 20
# Records whose payloads are in memory at once
PAYLOAD_BATCH = 1000
# Steps of the history that a state bar needs
MAX_STEPS = 200

CHANNELS = [
    ("ui", "Screen"),
    ("file", "File"),
    ("soap", "SOAP service"),
    ("rest", "REST API"),
    ("job", "Automatic"),
]


class WorkflowMixin(models.AbstractModel):
    """State machine: a declared table of transitions, fired by ``_fire``.

    A model sets ``_workflow`` (:class:`..workflow.Workflow`), has a ``state``
    selection and the operator, network and company that its messages are about. What
    a flow tells is built by ``_payload_<flow>``.
    """

    _name = "oiconnect.workflow"
    _description = "Workflow"
    _inherit = "oiconnect.subject.mixin"

    _workflow = None
    _event_fields = ("state",)
    # What follows every transition, in this order: names of methods
    # (transition, values, origin) of the records that took it, maybe thousands.
    _transition_effects = ()
    # Fields, besides the state, that guards read
    _guard_fields = ()
    # Events that people fire as they are, by action_fire
    _people_events = ()
    # Fields that every message tells
    _payload_fields = ()
    # Groups that read the words in the history and the messages of a record
    _free_text_groups = fields.NO_ACCESS

    step_ids = fields.One2many(
        "oiconnect.workflow.step",
        "res_id",
        string="History",
        domain=lambda self: [("res_model", "=", self._name)],
        bypass_search_access=True,
        copy=False,
    )
    event_ids = fields.One2many(
        "oiconnect.event",
        "res_id",
        string="Messages to the operator",
        domain=lambda self: [
            ("res_model", "=", self._name),
            ("channel", "!=", "webhook"),
        ],
        bypass_search_access=True,
        copy=False,
    )
    possible_events = fields.Json(
        "Possible actions", compute="_compute_possible_events", compute_sudo=True
    )
    shown_states = fields.Json(
        "Steps", compute="_compute_shown_states", compute_sudo=True
    )

    @api.depends(lambda self: ("state", *self._guard_fields))
    def _compute_possible_events(self):
        """Nothing happens yet to what is not saved."""
        found = {record: [] for record in self}
        saved = self.filtered(lambda record: record._origin)
        for event in sorted(self._workflow.events):
            for record in saved._ready_for(event):
                found[record].append(event)
        for record, events in found.items():
            record.possible_events = events

    @api.depends(lambda self: ("state", "step_ids", *self._guard_fields))
    def _compute_shown_states(self):
        for record in self:
            passed = record.step_ids[:MAX_STEPS].sorted("id").mapped("target")
            record.shown_states = record._states_to_show(passed)

    def _with_readable_words(self):
        """Return the records of which the user may read what was written."""
        is_reader = self.env.su or self.env.user.has_groups(self._free_text_groups)
        return self if is_reader else self.browse()

    def _states_to_show(self, passed):
        """Hook: return the states of the state bar, in order; None for all.

        :param passed: the states that the record went through, oldest first
        """
        return None

    @api.model_create_multi
    def create(self, vals_list):
        # The guard refuses a state to people; this is for our own code.
        initial = self._workflow.initial
        started = any(vals.get("state", initial) != initial for vals in vals_list)
        if started and self.env.su:
            raise UserError(
                self.env._("A record starts in its first state: use its actions.")
            )
        origin = self.env.context.get("workflow")
        records = super().create(vals_list)
        origin = origin if isinstance(origin, Origin) else SCREEN
        records._begin(origin)
        return records

    def _origin_record(self):
        """Hook: return the record of the message that created it, or itself."""
        return self

    @api.model
    def _create_from(self, origin, vals_list):
        """Create records whose first step has the :class:`Origin` ``origin``."""
        created = self.with_context(workflow=origin).create(vals_list)
        return created.with_env(self.env)

    def write(self, vals):
        by_event = self.env.context.get("workflow") is _WORKFLOW
        if "state" in vals and self.env.su and not by_event:
            raise UserError(
                self.env._("The state changes by the actions of the record only.")
            )
        return super().write(vals)

    def _fire(self, event, origin=SCREEN, **values):
        """Apply ``event`` to all records, or to none, as superuser code.

        Writes the state, runs the effects, keeps one step per record and puts
        one message per record and flow in the outbox, in this transaction.

        :param origin: :class:`..workflow.Origin`, handed to all that follows
        :raises WorkflowError: for the records whose state refuses the event
        :raises BusyError: someone else holds one of the records
        """
        self._lock_for_workflow()
        return self._apply_event(event, values, self._origin_of(origin))

    def _origin_of(self, origin):
        """Return the origin of an event: an action of screens may come from the API."""
        given = self.env.context.get("workflow")
        return given if origin is SCREEN and isinstance(given, Origin) else origin

    def _apply_event(self, event, values, origin):
        """Apply ``event`` to records that are locked, or not visible to others yet."""
        groups = self._group_by_transition(event, values)
        if refused := self - self.browse().union(*groups.values()):
            raise refused._refusal(event)
        for transition, records in groups.items():
            records._apply_transition(transition, values, origin)
        return self

    def _lock_for_workflow(self):
        try:
            self.lock_for_update(allow_referencing=True)
        except LockError:
            raise BusyError(
                self.env._(
                    "%s is being changed by someone else: try again in a moment.",
                    self._refusal_names(),
                )
            ) from None

    def _group_by_transition(self, event, values):
        """Return ``{transition: records}`` of those that have one."""
        found = defaultdict(self.browse)
        for state, records in self.grouped("state").items():
            for line in self._workflow.lines(event, state):
                taken = getattr(records, line.guard)(values) if line.guard else records
                if taken:
                    found[line] |= taken
                records -= taken
        return found

    def _can_fire(self, event):
        """Return the records whose state allows ``event``."""
        allowed = self._workflow.allowed
        states = {
            state for state in set(self.mapped("state")) if event in allowed(state)
        }
        return self.filtered(lambda record: record.state in states)

    def _ready_for(self, event):
        """Return the records for which a line of the table lets ``event`` happen."""
        return self.browse().union(*self._group_by_transition(event, {}).values())

    def _apply_transition(self, transition, values, origin):
        sources = {record.id: record.state for record in self}
        if transition.target:
            self.with_context(workflow=_WORKFLOW).write({"state": transition.target})
        named = getattr(self, f"_on_{transition.event}", None)
        effect = getattr(self, transition.effect) if transition.effect else named
        if effect:
            effect(values, origin)
        self._log_steps(transition.event, sources, origin, values.get("note"))
        self._tell(transition, sources, values, origin)
        self._run_transition_effects(transition, values, origin)

    def _tell(self, transition, sources, values, origin):
        """Tell operators and subscribers, a batch at a time: payloads are large."""
        for first in range(0, len(self), PAYLOAD_BATCH):
            batch = self[first : first + PAYLOAD_BATCH]
            messages = {
                flow: batch._emit(flow, values, origin) for flow in transition.flows
            }
            batch._tell_subscribers(transition.event, sources, messages)

    def _run_transition_effects(self, transition, values, origin):
        for effect in self._transition_effects:
            getattr(self, effect)(transition, values, origin)

    # ------------------------------------------------------------------
    # By people
    # ------------------------------------------------------------------

    def action_fire(self):
        """Fire the event that the button names in its context, for all or for none."""
        event = self.env.context.get("event")
        if event not in self._people_events:
            raise UserError(self.env._("This is not done by hand."))
        self._act(event)

    def _act(self, event, **values):
        """Check that the user may write the records, then fire ``event``."""
        self.check_access("write")
        return self.sudo()._fire(event, **values)

    def _refuse_unless_ready(self, event):
        if refused := self - self.sudo()._ready_for(event):
            raise refused._refusal(event)

    # ------------------------------------------------------------------
    # Refusals
    # ------------------------------------------------------------------

    def _refusal(self, event):
        """Return the error that names every record that refuses ``event``."""
        label = self._event_label(event)
        labels = dict(self._fields["state"]._description_selection(self.env))
        if len(self) < 2:
            text = self.env._(
                "%(names)s: “%(event)s” is not possible in state “%(states)s”.",
                names=self.display_name or "",
                event=label,
                states=labels.get(self.state, ""),
            )
        else:
            lines = [
                self.env._(
                    "%(state)s: %(names)s",
                    state=labels[state],
                    names=records._refused_names(),
                )
                for state, records in self.grouped("state").items()
            ]
            text = self._refusal_of_many(label, "\n".join(sorted(lines)))
        return WorkflowError(text, self._workflow.code(event))

    def _refusal_of_many(self, label, names):
        """Hook: return the sentence that refuses an event for several records."""
        return self.env._(
            "“%(event)s” is not possible for several records, so nothing is changed. "
            "Leave them out:\n%(records)s",
            event=label,
            records=names,
        )

    def _refused_names(self):
        names = ", ".join(self[:MAX_NAMES].mapped("display_name"))
        left = len(self) - MAX_NAMES
        if left <= 0:
            return names
        values = {"names": names, "count": left}
        return plural(
            self.env,
            left,
            self.env._("%(names)s and one other", **values),
            self.env._("%(names)s and %(count)s others", **values),
        )

    def _refusal_names(self):
        names = self[:5].mapped("display_name")
        return ", ".join(names) + ("…" if len(self) > 5 else "")

    # ------------------------------------------------------------------
    # History and outbox
    # ------------------------------------------------------------------

    def _begin(self, origin, transition=CREATION):
        """Note the creation of new records, and run what follows it."""
        self._note_creation(origin)
        self._run_transition_effects(transition, {}, origin)

    def _note_creation(self, origin):
        before = dict.fromkeys(self.ids, False)
        self._log_steps("create", before, origin)
        self._tell_subscribers("create", before)

    def _log_steps(self, event, sources, origin, note=None):
        columns = read_columns(self, "company_id", "state")
        self.env["oiconnect.workflow.step"]._append(
            (
                {
                    "res_id": record_id,
                    "company_id": company_id,
                    "source": sources[record_id],
                    "target": state,
                }
                for record_id, (company_id, state) in zip(
                    self.ids, columns, strict=True
                )
            ),
            res_model=self._name,
            event=event,
            channel=origin.channel,
            user_id=self.env.uid,
            note=note,
        )
        self.invalidate_recordset(["step_ids"], flush=False)

    def _emit(self, flow, values, origin):
        """Put one message per record for its operator in the outbox.

        :return: ``{record id: what its message says}``
        """
        owners = read_columns(self, "operator_id", "network_id", "company_id")
        shared = {}
        payloads = {
            record.id: record._event_payload(flow, values, shared) for record in self
        }
        self.env["oiconnect.event"]._append(
            (
                {
                    "operator_id": operator_id,
                    "network_id": network_id,
                    "company_id": company_id,
                    "res_id": record.id,
                    "payload": payloads[record.id],
                    "version": record._event_version(flow, origin),
                }
                for record, (operator_id, network_id, company_id) in zip(
                    self, owners, strict=True
                )
            ),
            flow=flow,
            channel=self._event_channel(flow),
            res_model=self._name,
            group_key=origin.group,
        )
        self.invalidate_recordset(["event_ids"], flush=False)
        return payloads

    @api.model
    def _event_channel(self, flow):
        """Hook: return the channel by which messages of ``flow`` leave."""
        return "file"

    def _event_version(self, flow, origin):
        """Return the version of the protocol that the partner speaks, if known."""
        return origin.version

    def _event_payload(self, flow, values, shared):
        """Return the payload of the message to the partner, with English keys.

        :param shared: what the records that are sent together have in common, stored by
            who computes it first
        """
        payload = {name: self[name] or None for name in self._payload_fields}
        build = getattr(self, f"_payload_{flow.lower()}", None)
        return payload | build(values, shared) if build else payload

    @api.model
    def _message_lines(self, flow, payload):
        """Hook: return the lines that a message makes where messages leave as lines.

        A message about several things has them in ``lines``: each is a line, with what
        is common to all.
        """
        common = {name: value for name, value in payload.items() if name != "lines"}
        return [common | line for line in payload.get("lines") or [{}]]

    @api.model
    def _message_parts(self, flow, payload):
        """Hook: return what is attached to a message: ``{flow: lines or bytes}``."""
        return {}

    def _event_label(self, event):
        """Return what users call ``event``."""
        return dict(self._event_labels()).get(event, event)

    @api.model
    def _event_labels(self):
        """Return ``[(event, label)]``, for messages and the history."""
        return []

    @api.model
    def _subject_events(self):
        labels = {"create": self.env._("Creation"), **dict(self._event_labels())}
        events = ["create", *sorted(self._workflow.events)]
        return [(event, labels.get(event, event)) for event in events]
