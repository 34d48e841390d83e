from odoo import models
from odoo.exceptions import AccessError, UserError

from odoo.addons.oiconnect_base.exceptions import BusyError
from odoo.addons.oiconnect_import import protocol
from odoo.addons.queue_job.exception import RetryableJobError

# Someone waits in front of the screen: what is longer shows its beginning.
SANDBOX_LINES = 1000
GROUP = "oiconnect_base.group_access_manager"
# The name of the file is its twin's for the time of the play.
SHADOW_SUFFIX = ".sandbox"


class _UndoneError(Exception):
    """Raised so that the savepoint takes everything back."""


class Exchange(models.Model):
    """Sandbox: process a received file again, then roll back."""

    _inherit = "oiconnect.exchange"

    def action_replay_in_sandbox(self):
        """Play the file and open what came of it."""
        self.ensure_one()
        self._check_replayable()
        vals = self.sudo()._play_and_undo()
        report = self.env["oiconnect.exchange.sandbox"].create(vals)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Replay in the sandbox"),
            "res_model": report._name,
            "res_id": report.id,
            "view_mode": "form",
        }

    def _check_replayable(self):
        self.check_access("read")
        if not self.env.user.has_group(GROUP):
            raise AccessError(
                self.env._(
                    "Only a manager of access orders may replay a file in the sandbox."
                )
            )
        if self.direction != "in" or not self._source()._attachment():
            raise UserError(
                self.env._(
                    "Only a file that was received, and kept, can be played again."
                )
            )

    def _source(self):
        """Return the exchange that holds the content: a replay is that of the first."""
        return self if self._attachment() else self.duplicate_of_id

    def _play_and_undo(self):
        """Return the values of the report; undo rows, messages, jobs and tasks."""
        vals = {}
        try:
            with self.env.cr.savepoint():
                vals = self._play()
                raise _UndoneError
        except _UndoneError:
            return vals
        except (BusyError, RetryableJobError) as error:
            raise UserError(
                self.env._(
                    "An order of this file is being changed: try again in a moment."
                )
            ) from error

    def _play(self):
        source, name = self._source(), self.name
        source._made_records()._release_unique_values()
        self.env.invalidate_all()
        (self | self.duplicate_of_id).name = f"{name}{SHADOW_SUFFIX}"
        self.env.flush_all()
        twin = source._twin(name)
        last = self._last_event()
        while not twin._is_settled() and twin.done_count < SANDBOX_LINES:
            twin._process()
            if twin.try_count:
                raise BusyError(self.env._("A line waits for another record."))
        twin._made_records()._run_next_steps()
        events = self.env["oiconnect.event"].search(
            [("id", ">", last), ("channel", "!=", "webhook")], order="id"
        )
        return twin._sandbox_vals(self, events)

    def _made_records(self):
        """Return the records that the lines of this file made."""
        model, reception = self.env["oiconnect.inbound"]._reception(self.flow_id)
        if not (reception and reception.creates):
            return self.env["oiconnect.workflow"]
        lines = self.line_ids.filtered(lambda line: line.res_model == model._name)
        return model.browse(lines.mapped("res_id"))

    def _twin(self, name):
        """Return the file as if it had just come, by no connection."""
        flow, _file_name = self.env["oiconnect.flow"]._identify(name)
        return self.with_context(queue_job__no_delay=False).create(
            {
                "name": name,
                "direction": "in",
                "state": "in_received",
                "network_id": self.network_id.id,
                "operator_id": self.operator_id.id,
                "flow_id": flow.id,
                "version": self.version,
                "content": self.content,
                "size": self.size,
                "sha256": self.sha256,
            }
        )

    # ------------------------------------------------------------------
    # What it tells
    # ------------------------------------------------------------------

    def _last_event(self):
        self.env.flush_all()
        self.env.cr.execute("SELECT COALESCE(max(id), 0) FROM oiconnect_event")
        return self.env.cr.fetchone()[0]

    def _sandbox_vals(self, played, events):
        labels = dict(self._fields["state"]._description_selection(self.env))
        answers = events.grouped(lambda event: (event.operator_id, event.flow))
        return {
            "exchange_id": played.id,
            "result": labels[self.state],
            "message": self.message,
            "line_count": self.line_count,
            "done_count": self.done_count,
            "refused_count": self.refused_count,
            "line_ids": self._sandbox_lines(events),
            "answer_ids": [
                (0, 0, self._answer_vals(operator, flow, found))
                for (operator, flow), found in answers.items()
            ],
        }

    def _sandbox_lines(self, events):
        by_record = events.grouped(lambda event: (event.res_model, event.res_id))
        by_line = events.grouped(lambda event: event.payload.get("line") or 0)
        errors = self.error_ids.grouped("line")
        return [
            (
                0,
                0,
                {
                    "line": line.line,
                    "reference": line.reference,
                    "state": line._record_state(),
                    "code": line.code,
                    "errors": "\n".join(
                        error.message or "" for error in errors.get(line.line, ())
                    ),
                    "answers": _summary(
                        by_record.get((line.res_model, line.res_id))
                        or by_line.get(line.line)
                        or ()
                    ),
                },
            )
            for line in self.line_ids.sorted("line")
        ]

    def _answer_vals(self, operator, flow, events):
        """Return the file that would carry ``events``."""
        written = None
        record = self.env["oiconnect.flow"]._by_code(flow)
        try:
            form = self.env["oiconnect.outbound"]._agreed_format(record, events[0])
            written = protocol.write(form, events.mapped("payload"))
        except UserError as error:
            text = str(error)
        else:
            text = written.content.decode(form.encoding)
        return {
            "operator_id": operator.id,
            "flow": flow,
            "line_count": written.line_count if written else 0,
            "content": text,
        }


def _summary(events):
    """Return "AR_CMD OK, CR_CMD KO FADR01": what the operator would be sent."""
    texts = []
    for event in events:
        payload = event.payload
        parts = (event.flow, payload.get("result"), payload.get("reason_code"))
        texts.append(" ".join(filter(None, parts)))
    return ", ".join(dict.fromkeys(texts))
