from odoo import api, fields, models
from odoo.exceptions import UserError

from ...parameters import number
from ..accounts.retry_mixin import TASK

# Failed attempts after which the person in charge is notified of a file
DEFAULT_ATTEMPTS = 3


class Exchange(models.Model):
    """Sending: answers to an operator, and publications, which stay where they are."""

    _inherit = "oiconnect.exchange"

    def _queue(self):
        """Return by which queue of its connection the file leaves."""
        return "deliver" if self.publication_id else "send"

    def _plan_send(self):
        for endpoint, purpose in {(file.endpoint_id, file._queue()) for file in self}:
            if endpoint:
                endpoint._plan_send(purpose=purpose)

    def _note_sent(self):
        self.write(
            {
                "state": "out_sent",
                "sent_date": fields.Datetime.now(),
                "message": False,
            }
        )
        self.activity_unlink([TASK])

    def _note_send_failure(self, message, notified=False):
        """Store the error of a sending; notify staff after several attempts.

        :param notified: someone knows already
        """
        self.message = message
        attempts = int(number(self.env, "attempts_before_alert", DEFAULT_ATTEMPTS))
        if not notified and self.attempt_count == attempts:
            person = self.publication_id.plan_id.responsible_id
            self.endpoint_id._give_task(self, message, person)

    def _send_again(self):
        """Put files back in the queue: the same name and content as before.

        What was emptied is not the file that was sent any more.

        :raises UserError: a publication that is no longer stored
        """
        available = self.filtered(lambda exchange: exchange._is_file_available())
        if self - available:
            raise UserError(
                self.env._(
                    "%s is no longer kept: publish anew.", (self - available)[0].name
                )
            )
        self._find_endpoint()
        files = self.filtered(
            lambda file: file.state == "out_sent" and not file.customer_erased_on
        )
        files.write({"state": "out_ready", "attempt_count": 0})
        files._plan_send()

    def action_send_again(self):
        if emptied := self.filtered("customer_erased_on"):
            raise UserError(
                self.env._(
                    "%s is too old to be sent again: the end customers' data was "
                    "erased from it.",
                    ", ".join(emptied.mapped("name")),
                )
            )
        self.check_access("write")
        if self.filtered(lambda exchange: exchange.direction != "out"):
            raise UserError(self.env._("Only a file of ours can be sent again."))
        self.sudo()._send_again()

    def action_try_now(self):
        """Do not wait for the next try (who sends files again may do it)."""
        self.check_access("write")
        self.sudo()._try_now()

    def _try_now(self):
        waiting = self.filtered(lambda exchange: exchange.state == "out_ready")
        waiting._plan_send()
        for exchange in waiting:
            exchange.endpoint_id._run_pending_job_now(exchange._queue())

    # ------------------------------------------------------------------
    # Publications
    # ------------------------------------------------------------------

    def _is_file_available(self):
        """Tell whether the file is still there: publications are stored for a time."""
        return not self.publication_id or bool(self._attachment())

    def _give_up(self):
        self.write(
            {
                "state": "out_expired",
                "message": self.env._(
                    "The file is no longer kept, and was never delivered: publish anew."
                ),
            }
        )

    @api.model
    def _publish(self, publication, operators):
        """Deliver a publication to ``operators``; again to those who have it.

        :return: the exchanges, one an operator, with or without connection
        """
        known = self.search(
            [
                ("publication_id", "=", publication.id),
                ("operator_id", "in", operators.ids),
            ]
        )
        known._send_again()
        made = self.create(
            [
                self._publication_vals(publication, operator)
                for operator in operators - known.operator_id
            ]
        )
        (known | made)._plan_send()
        return known | made

    def _publication_vals(self, publication, operator):
        endpoint = self._endpoint_of(operator, publication.network_id)
        return {
            "name": publication.name,
            "direction": "out",
            "state": "out_ready",
            "network_id": publication.network_id.id,
            "operator_id": operator.id,
            "endpoint_id": endpoint.id,
            "publication_id": publication.id,
            "flow_id": publication._flow().id,
            "version": publication.version,
            "encoding": publication._encoding(),
            "size": publication.size,
            "sha256": publication.sha256,
            "line_count": publication.line_count,
            "done_count": publication.line_count,
            "message": False
            if endpoint
            else self.env._("The operator has no connection: download the file."),
        }

    def _endpoint_of(self, operator, network):
        return self.env["oiconnect.outbound"]._endpoint(operator, network)

    def _find_endpoint(self):
        """Give a connection that was made since to files that had none."""
        for exchange in self.filtered(lambda exchange: not exchange.endpoint_id):
            endpoint = self._endpoint_of(exchange.operator_id, exchange.network_id)
            if endpoint:
                exchange.write({"endpoint_id": endpoint.id, "message": False})
