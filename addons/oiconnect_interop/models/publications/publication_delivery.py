from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.oiconnect_base.models.guarded import EVERY_FIELD

STATES = [
    ("sent", "Delivered"),
    ("waiting", "Waiting"),
    ("failing", "Failing"),
    ("unreachable", "No connection"),
    ("expired", "No longer kept"),
]


class PublicationDelivery(models.Model):
    """Where a published file is, operator by operator.

    A view of the exchanges, for the staff of the network who may not read them.
    """

    _name = "oiconnect.publication.delivery"
    _description = "Delivery of a publication"
    _order = "publication_id desc, operator_id"
    _rec_name = "operator_id"
    _auto = False
    _log_access = False
    _depends = {
        "oiconnect.exchange": [
            *("publication_id", "operator_id", "endpoint_id", "company_id"),
            *("state", "attempt_count", "sent_date", "message"),
        ]
    }
    _event_fields = EVERY_FIELD

    publication_id = fields.Many2one("oiconnect.publication", readonly=True)
    operator_id = fields.Many2one("oiconnect.operator", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    state = fields.Selection(STATES, readonly=True)
    sent_date = fields.Datetime("Delivered on", readonly=True)
    attempt_count = fields.Integer("Attempts", readonly=True)
    message = fields.Char("What happened", readonly=True)

    @property
    def _table_query(self):
        return SQL(
            """SELECT id, publication_id, operator_id, company_id, sent_date,
                      attempt_count, message,
                      CASE WHEN state = 'out_sent' THEN 'sent'
                           WHEN state = 'out_expired' THEN 'expired'
                           WHEN endpoint_id IS NULL THEN 'unreachable'
                           WHEN message IS NOT NULL THEN 'failing'
                           ELSE 'waiting' END AS state
                 FROM oiconnect_exchange
                WHERE publication_id IS NOT NULL"""
        )

    def action_send_again(self):
        """Send the same file once more, or at once when it waits."""
        self.publication_id._check_may_publish()
        deliveries = self.env["oiconnect.exchange"].sudo().browse(self.ids)
        deliveries._send_again()
        deliveries._try_now()


class Publication(models.Model):
    """To whom a file goes, and where it has arrived."""

    _inherit = "oiconnect.publication"

    delivery_ids = fields.One2many(
        "oiconnect.publication.delivery", "publication_id", "Deliveries", readonly=True
    )
    delivery_text = fields.Char("Deliveries made", compute="_compute_delivery_text")
    undelivered_count = fields.Integer(
        "Deliveries to make", compute="_compute_delivery_text"
    )

    @api.depends("delivery_ids.state")
    @api.depends_context("lang")
    def _compute_delivery_text(self):
        """Tell "3 / 4 delivered", by one query for the whole list."""
        counts = self._count_deliveries()
        for publication in self:
            done, total = counts.get(publication._origin.id, (0, 0))
            publication.undelivered_count = total - done
            publication.delivery_text = bool(total) and self.env._(
                "%(done)s / %(total)s delivered", done=done, total=total
            )

    def _count_deliveries(self):
        """Return ``{id: (delivered, all)}``."""
        counts = {}
        for publication, state, number in self.env[
            "oiconnect.publication.delivery"
        ]._read_group(
            [("publication_id", "in", self._origin.ids)],
            ["publication_id", "state"],
            ["__count"],
        ):
            done, total = counts.get(publication.id, (0, 0))
            done += number * (state == "sent")
            counts[publication.id] = (done, total + number)
        return counts

    def _deliver(self):
        """Send each file to the operators whose format it has."""
        for publication in self:
            publication._send_to(publication.plan_id._recipients_of(publication))

    def _send_to(self, operators):
        """Send the file to ``operators``, once more to those who have it."""
        self.ensure_one()
        if operators:
            self.env["oiconnect.exchange"]._publish(self, operators)

    def _check_sendable(self):
        if self.state != "done" or self.erased_date:
            raise UserError(self.env._("%s has no file to send.", self.display_name))

    def _notice_sent(self, operator):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "%(file)s is on its way to %(operator)s.",
                    file=self.name,
                    operator=operator.name,
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_send(self):
        """Open the confirmation of the sending to one operator."""
        self.ensure_one()
        self._check_may_publish()
        self._check_sendable()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Send again to…"),
            "res_model": "oiconnect.publication.send",
            "view_mode": "form",
            "target": "new",
            "context": {"default_publication_id": self.id},
        }
