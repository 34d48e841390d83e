from odoo import api, fields, models

from odoo.addons.oiconnect_base.deleted_records import open_form

from .case import CHANNELS, OUTCOMES

FOUND = (
    "state evidence_model evidence_id evidence_date sent got_outcome got_code "
    "got_line got_column got_value got_message"
).split()


class ConformanceStep(models.Model):
    """A case as it is in one run, and what the operator sent for it."""

    _name = "oiconnect.conformance.step"
    _description = "Step of conformance"
    _order = "run_id desc, sequence, id"
    _log_access = False
    _event_fields = (
        "run_id sequence code name channel target needs asked outcome code_expected "
        "answer subject times attempt since_date"
    ).split() + FOUND

    run_id = fields.Many2one(
        "oiconnect.conformance.run",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="run_id.company_id", store=True, index=True)
    sequence = fields.Integer(readonly=True)
    code = fields.Char("Number", required=True, readonly=True)
    name = fields.Char("Step", required=True, readonly=True)
    channel = fields.Selection(CHANNELS, "By", required=True, readonly=True)
    target = fields.Char("Flow or operation", required=True, readonly=True)
    needs = fields.Char("Parameter that the call has", readonly=True)
    asked = fields.Text("What to do", readonly=True)
    outcome = fields.Selection(OUTCOMES, "Expected", required=True, readonly=True)
    code_expected = fields.Char("Expected codes", readonly=True)
    answer = fields.Char("Flow that answers", readonly=True)
    subject = fields.Char("Builds on", readonly=True)
    times = fields.Integer("Number of calls", readonly=True)
    attempt = fields.Integer("Try", default=1, readonly=True)
    since_date = fields.Datetime(
        "Looked for since", default=lambda self: self._present(), readonly=True
    )
    reference = fields.Char(
        "Reference to give", compute="_compute_reference", help="What it sends has it"
    )

    state = fields.Selection(
        [("waiting", "Awaited"), ("passed", "As expected"), ("differs", "Differs")],
        default="waiting",
        required=True,
        readonly=True,
    )
    evidence_model = fields.Char("Model", readonly=True)
    evidence_id = fields.Many2oneReference(
        "What was sent", model_field="evidence_model", readonly=True
    )
    evidence_date = fields.Datetime("Received on", readonly=True)
    sent = fields.Char("Extract", readonly=True)
    got_outcome = fields.Selection(OUTCOMES, "Outcome", readonly=True)
    got_code = fields.Char("Code of the answer", readonly=True)
    got_line = fields.Integer("Line", readonly=True)
    got_column = fields.Char("Column", readonly=True)
    got_value = fields.Char("Value", readonly=True)
    got_message = fields.Char("Message", readonly=True)
    expected_text = fields.Char("What is expected", compute="_compute_texts")
    got_text = fields.Char("What came", compute="_compute_texts")

    @api.model
    def _present(self):
        """Return the second in which this transaction began, as files are dated."""
        return self.env.cr.now().replace(microsecond=0)

    @api.depends("code", "attempt", "subject", "run_id.step_ids.attempt")
    def _compute_reference(self):
        """A step that builds on another one names what that one made."""
        for step in self:
            named = step._named_step()
            tries = f"-{named.attempt}" if named.attempt > 1 else ""
            step.reference = f"CF{step.run_id.id}-{named.code}{tries}"

    def _named_step(self):
        """Return the step whose reference this one gives: its own, or another's."""
        named = self.run_id.step_ids.filtered(lambda step: step.code == self.subject)
        return named or self

    @api.depends("outcome", "code_expected", "got_outcome", "got_code")
    @api.depends_context("lang")
    def _compute_texts(self):
        outcomes = dict(self._fields["outcome"]._description_selection(self.env))
        for step in self:
            step.expected_text = _outcome_text(
                outcomes, step.outcome, step.code_expected
            )
            step.got_text = _outcome_text(outcomes, step.got_outcome, step.got_code)

    def _report_texts(self):
        """Return the cells of the step in the report."""
        states = dict(self._fields["state"]._description_selection(self.env))
        return [
            self.code,
            f"{self.name}\n{self.target}",
            f"{self.asked or ''}\n{self.reference}",
            self.sent,
            self.expected_text,
            "\n".join(filter(None, [self.got_text, self._place_text()])),
            states[self.state],
        ]

    def _place_text(self):
        """Return where the answer says that something is wrong."""
        place = []
        if self.got_line:
            place.append(self.env._("line %s", self.got_line))
        place += filter(None, [self.got_column, self.got_value, self.got_message])
        return " · ".join(place)

    def action_open_evidence(self):
        """Open the file or the call."""
        self.ensure_one()
        return open_form(self.env[self.evidence_model].browse(self.evidence_id))

    def action_restart(self):
        """Forget what came, and wait for it again under a new reference."""
        self.ensure_one()
        self.run_id.check_access("write")
        self.sudo()._restart()

    def _restart(self):
        """Wait again for this step, and for those that build on it."""
        self.run_id._lock_running()
        again = self | self.run_id.step_ids.filtered(
            lambda step: step.subject == self.code
        )
        for step in again:
            step.write(
                dict.fromkeys(FOUND, False)
                | {
                    "state": "waiting",
                    "attempt": step.attempt + 1,
                    "since_date": self._present(),
                }
            )


def _outcome_text(outcomes, outcome, code):
    """Return an outcome and its codes as one text."""
    label = outcomes.get(outcome, "")
    return f"{label} ({code})" if label and code else label
