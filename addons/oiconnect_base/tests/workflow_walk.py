from contextlib import contextmanager

from ..exceptions import WorkflowError
from ..models.workflow.workflow import _WORKFLOW


class WorkflowWalk:
    """Every pair of a state and an event of a record: what happens, and nothing else.

    A test case sets ``walked`` to the record, and names the tables that its events
    write (``WRITTEN``) or only add to (``ADDED``).
    """

    WRITTEN = ()
    ADDED = ("oiconnect_workflow_step", "oiconnect_event", "oiconnect_change")
    # Code of a refusal; of the events that have another one
    CODE = "FIMP16"
    CODES = {}

    @property
    def walked(self):
        return self.order

    def check_table(self, workflow, states, closed):
        """Check that each state and each event has its name, and where a life ends."""
        self.assertEqual(workflow.states, {state for state, _label in states})
        self.assertLessEqual(workflow.final_states, set(closed))
        labels = dict(self.walked._event_labels())
        self.assertEqual(set(labels), workflow.events)

    @contextmanager
    def _undone(self):
        """Take back what is done, and leave no savepoint open around what follows."""
        with self.env.cr.savepoint() as savepoint:
            yield
            savepoint.rollback()
        self.env.invalidate_all()

    def _put(self, **values):
        """Write ``values``, the state among them, by no event."""
        self.walked.with_context(workflow=_WORKFLOW).write(values)
        self.env.flush_all()

    def _line_taken(self, state, event):
        """Return the line of the table that the guards let through, if any."""
        for line in self.walked._workflow.lines(event, state):
            if not line.guard or getattr(self.walked, line.guard)({}):
                return line
        return None

    def _events(self, state, is_first):
        """Return the events to try in a state; ``is_first``: of the first kind.

        What the table has no line for is refused whatever the kind: shown for one.
        """
        workflow = self.walked._workflow
        return [
            event
            for event in sorted(workflow.events)
            if is_first or workflow.lines(event, state)
        ]

    def _check_pair(self, state, event, line, before, **values):
        """Check that ``event`` takes ``line``, or is refused where there is none."""
        if line:
            self._check_allowed(event, line.target or state, line.flows, **values)
        else:
            self._check_refused(event, before, **values)

    def _check_allowed(self, event, target, flows, **values):
        with self._undone():
            steps, messages = self._steps_and_events()
            self.walked._fire(event, **values)
            self.assertEqual(self.walked.state, target)
            new_steps, new_messages = self._steps_and_events()
            self.assertEqual((new_steps - steps).mapped("event"), [event])
            sent = (new_messages - messages).sorted("id")
            self.assertEqual(sent.mapped("flow"), list(flows))
            self.check_sent(sent)

    def check_sent(self, messages):
        """Hook: check more of what the operator receives."""

    def _check_refused(self, event, before, **values):
        """Check that nothing changed: the next event finds the same record.

        Caught by hand: ``assertRaises`` takes back what was written before the error.
        """
        refusal = None
        try:
            self.walked._fire(event, **values)
        except WorkflowError as error:
            refusal = error
        self.assertIsNotNone(refusal, f"{event} is not refused")
        self.assertEqual(refusal.code, self.CODES.get(event, self.CODE))
        self.assertIn(self.walked.display_name, str(refusal))
        self.assertEqual(self._everything(), before)

    def _steps_and_events(self):
        self.env.flush_all()
        self.walked.invalidate_recordset(["step_ids", "event_ids"])
        return self.walked.step_ids, self.walked.event_ids

    def _everything(self):
        """Return the rows that an event may write, and how many it may have added."""
        self.env.flush_all()
        found = {}
        for table in self.WRITTEN:
            self.env.cr.execute(f"SELECT t.* FROM {table} t ORDER BY id")
            found[table] = self.env.cr.fetchall()
        for table in self.ADDED:
            self.env.cr.execute(f"SELECT count(*) FROM {table}")
            found[table] = self.env.cr.fetchone()
        return found
