from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..protocol import PayloadError

ROW = Markup("<tr><th>%s</th><td>%s</td></tr>")


class Event(models.Model):
    _inherit = "oiconnect.event"

    exchange_id = fields.Many2one(
        "oiconnect.exchange",
        "Sent in",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )

    # Messages that no file can take, by flow and operator
    _error_idx = models.Index("(flow, operator_id) WHERE state = 'error'")

    content = fields.Html(
        "What the operator reads",
        compute="_compute_content",
        # As the payload that it shows
        groups="oiconnect_base.group_access_user,oiconnect_base.group_exchange_read",
    )

    @api.depends("payload", "flow", "version", "operator_id")
    def _compute_content(self):
        for event in self:
            rows = Markup().join(ROW % cell for cell in event._cells())
            table = Markup('<table class="table table-sm">%s</table>')
            event.content = rows and table % rows

    def _cells(self):
        """Return ``[(column, text)]`` of the line in its file, less its empty cells.

        A message that no format can write has none.
        """
        flow = self.env["oiconnect.flow"]._by_code(self.flow)
        if not flow:
            return []
        try:
            form = flow._format_for(self.operator_id, self.version or "")
            cells = form.format_row(self.payload)
        except (UserError, PayloadError):
            return []
        pairs = zip(form.header, cells, strict=True)
        return [(column, text) for column, text in pairs if text]

    @api.model_create_multi
    def create(self, vals_list):
        events = super().create(vals_list)
        if any(event.direction == "out" for event in events):
            self._wake_drain()
        return events

    @api.model
    def _append(self, rows, **common):
        appended = super()._append(rows, **common)
        self._wake_drain()
        return appended

    @api.model
    def _wake_drain(self):
        """Drain as soon as this transaction is committed."""
        cron = self.env.ref("oiconnect_interop.cron_drain", raise_if_not_found=False)
        if cron and not self.env.context.get("oiconnect_drain_awake"):
            cron.sudo()._trigger()

    # ------------------------------------------------------------------
    # Into a file: many messages in one statement
    # ------------------------------------------------------------------

    def _payloads(self):
        """Return what each message says, in their order."""
        self.flush_model(["payload"])
        self.env.cr.execute(
            SQL("SELECT id, payload FROM oiconnect_event WHERE id = ANY(%s)", self.ids)
        )
        payloads = dict(self.env.cr.fetchall())
        return [payloads[event_id] for event_id in self.ids]

    def _group_keys(self):
        self.flush_model(["group_key"])
        self.env.cr.execute(
            SQL(
                "SELECT DISTINCT group_key FROM oiconnect_event WHERE id = ANY(%s)",
                self.ids,
            )
        )
        return {key for (key,) in self.env.cr.fetchall()}

    def _hand_over(self, exchange):
        """The messages left in the file of ``exchange``."""
        self.flush_model()
        self.env.cr.execute(
            SQL(
                """
                UPDATE oiconnect_event SET state = 'done', exchange_id = %s,
                    error = NULL, write_uid = %s, write_date = %s
                WHERE id = ANY(%s)
                """,
                exchange.id,
                self.env.uid,
                self.env.cr.now(),
                self.ids,
            )
        )
        self.invalidate_recordset(flush=False)
        exchange.invalidate_recordset(["event_ids"], flush=False)
