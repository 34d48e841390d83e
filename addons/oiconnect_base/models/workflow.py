from odoo import api, fields, models
from odoo.exceptions import LockError, UserError
from odoo.fields import Domain

from ..bulk import read_columns
from ..exceptions import BusyError, WorkflowError

# Contexts that come by RPC are JSON: no client can send this very object.
_WORKFLOW = object()

ROADS = [
    ("ui", "Screen"),
    ("file", "File"),
    ("soap", "SOAP service"),
    ("rest", "REST API"),
    ("job", "Automatic"),
]


class WorkflowMixin(models.AbstractModel):
    """State machine: one declared table, one way in (``_fire``).

    A model sets ``_workflow`` (:class:`..workflow.Workflow`), has a ``state``
    selection, the operator, network and company that its messages are about, and may
    override ``_event_payload``.
    """

    _name = "oiconnect.workflow"
    _description = "Workflow"

    _workflow = None
    _event_fields = ("state",)

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
        domain=lambda self: [("res_model", "=", self._name)],
        bypass_search_access=True,
        copy=False,
    )

    @api.model_create_multi
    def create(self, vals_list):
        # The guard refuses a state to people; this is for our own code.
        initial = self._workflow.initial
        started = any(vals.get("state", initial) != initial for vals in vals_list)
        if started and self.env.su:
            raise UserError(
                self.env._("A record starts in its first state: use its actions.")
            )
        records = super().create(vals_list)
        records._log_steps("create", {record.id: False for record in records})
        return records

    def write(self, vals):
        by_event = self.env.context.get("workflow") is _WORKFLOW
        if "state" in vals and self.env.su and not by_event:
            raise UserError(
                self.env._("The state changes by the actions of the record only.")
            )
        return super().write(vals)

    def _fire(self, event, **values):
        """Apply ``event`` to all records, or to none, as superuser code.

        Writes the state, runs the effect, keeps one step per record and puts
        one message per record and flow in the outbox, in this transaction.

        :raises WorkflowError: for the records whose state refuses the event
        :raises BusyError: someone else holds one of the records
        """
        self._lock_for_workflow()
        return self._take(event, values)

    def _take(self, event, values):
        """Apply ``event`` to records that we hold, or that nobody else can see yet."""
        groups = self._group_by_transition(event, values)
        for transition, records in groups.items():
            records._apply_transition(transition, values)
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

    @api.model
    def _held_batches(self, domain, size):
        """Yield what ``domain`` finds, oldest first, to a scheduled action.

        Each batch is locked and one transaction. What somebody else is at is left
        out: it is looked at again the next time.
        """
        cron, last = self.env["ir.cron"], 0
        cron._commit_progress(remaining=self.search_count(domain))
        while batch := self.search(
            domain & Domain("id", ">", last), limit=size, order="id"
        ):
            last = batch[-1].id
            yield batch.try_lock_for_update(allow_referencing=True)
            if not cron._commit_progress(len(batch)):
                break

    def _group_by_transition(self, event, values):
        """Return ``{transition: records}``; refuse unless all have one."""
        found = {}
        refused = self.browse()
        for state, records in self.grouped("state").items():
            for line in self._workflow.lines(event, state):
                taken = getattr(records, line.guard)(values) if line.guard else records
                if taken:
                    found[line] = found.get(line, self.browse()) | taken
                records -= taken
            refused |= records
        if refused:
            raise refused._refusal(event)
        return found

    def _can_fire(self, event):
        """Return the records whose state allows ``event``."""
        allowed = self._workflow.allowed
        states = {
            state for state in set(self.mapped("state")) if event in allowed(state)
        }
        return self.filtered(lambda record: record.state in states)

    def _refusal(self, event):
        labels = dict(self._fields["state"]._description_selection(self.env))
        states = ", ".join(sorted({labels[state] for state in self.mapped("state")}))
        return WorkflowError(
            self.env._(
                "%(names)s: “%(event)s” is not possible in state “%(states)s”.",
                names=self._refusal_names(),
                event=self._event_label(event),
                states=states,
            ),
            self._workflow.code(event),
        )

    def _refusal_names(self):
        names = self[:5].mapped("display_name")
        return ", ".join(names) + ("…" if len(self) > 5 else "")

    def _apply_transition(self, transition, values):
        sources = {record.id: record.state for record in self}
        if transition.target:
            self.with_context(workflow=_WORKFLOW).write({"state": transition.target})
        if transition.effect:
            getattr(self, transition.effect)(values)
        self._log_steps(transition.event, sources, values.get("note"))
        for flow in transition.flows:
            self._emit(flow, values)
        self._after_transition(transition, sources, values)

    def _after_transition(self, transition, sources, values):
        """What else follows for these records, which all took ``transition``.

        For other models to extend; thousands of records may pass here at once.

        :param sources: ``{id: state before}``
        """

    # ------------------------------------------------------------------
    # History and outbox
    # ------------------------------------------------------------------

    def _log_steps(self, event, sources, note=None):
        road = self.env.context.get("oiconnect_road", "ui")
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
            road=road,
            user_id=self.env.uid,
            note=note,
        )
        self.invalidate_recordset(["step_ids"], flush=False)

    def _emit(self, flow, values):
        """Put one message per record for its operator in the outbox."""
        context = self.env.context
        owners = read_columns(self, "operator_id", "network_id", "company_id")
        self.env["oiconnect.event"]._append(
            (
                {
                    "operator_id": operator_id,
                    "network_id": network_id,
                    "company_id": company_id,
                    "res_id": record.id,
                    "payload": record._event_payload(flow, values),
                    "version": record._event_version(flow),
                }
                for record, (operator_id, network_id, company_id) in zip(
                    self, owners, strict=True
                )
            ),
            flow=flow,
            res_model=self._name,
            group_key=context.get("oiconnect_group"),
        )
        self.invalidate_recordset(["event_ids"], flush=False)

    def _event_version(self, flow):
        """Version of the protocol in which the partner spoke to us, if known."""
        return self.env.context.get("oiconnect_version")

    def _event_payload(self, flow, values):
        """Return what the partner is told, with English keys."""
        return {}

    def _event_label(self, event):
        """Return what users call ``event``."""
        return dict(self._event_labels()).get(event, event)

    @api.model
    def _event_labels(self):
        """Return ``[(event, label)]``, for messages and the history."""
        return []
