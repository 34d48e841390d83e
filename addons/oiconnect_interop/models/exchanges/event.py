from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from odoo.addons.oiconnect_base.scheduled import wake
from odoo.addons.oiconnect_import.protocol import PayloadError
from odoo.addons.oiconnect_orders.personal import tells_customer

CONTENT_GROUPS = (
    "oiconnect_base.group_access_user,oiconnect_base.group_ticket_user,"
    "oiconnect_base.group_exchange_read,oiconnect_base.group_link_user"
)
#: states from which a message is sent once more, and who sends it
RESENT_STATES = ("done", "error", "skipped")
RESENDERS = "oiconnect_base.group_exchange_manager,oiconnect_base.group_api_manager"
# Lines of a message that a screen shows
MAX_LINES = 20
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
        groups=CONTENT_GROUPS,
        help="Without what may tell of end customers, to who may not see them",
    )

    @api.depends("payload", "flow", "version", "operator_id", "res_model", "res_id")
    @api.depends_context("uid")
    def _compute_content(self):
        readable = self._with_readable_words()
        for event in self:
            cells = event.sudo()._cells(None if event in readable else tells_customer)
            rows = Markup().join(ROW % cell for cell in cells)
            table = Markup('<table class="table table-sm">%s</table>')
            event.content = rows and table % rows

    def _cells(self, hides=None):
        """Return ``[(column, text)]`` of its lines in its file, less their empty cells.

        What several lines have in common is returned once.

        A message that no format can write has none.

        :param hides: tells of a field whether its column is left out
        """
        flow = self.env["oiconnect.flow"]._by_code(self.flow)
        if not flow:
            return []
        try:
            form = flow._format_for(self.operator_id, self.version or "")
            rows = [
                form.format_row(line) for line in self._lines(self.payload)[:MAX_LINES]
            ]
        except (UserError, PayloadError):
            return []
        cells_of_lines = [
            (name, text)
            for cells in rows
            for column, name, text in zip(form.columns, form.header, cells, strict=True)
            if text and not (hides and hides(str(column.path[0])))
        ]
        return list(dict.fromkeys(cells_of_lines))

    def _lines(self, payload):
        """Return what each line of the message says: most have one."""
        about = self.env.get(self.res_model)
        if about is None:
            return [payload]
        return about._message_lines(self.flow, payload)

    @api.model_create_multi
    def create(self, vals_list):
        events = super().create(vals_list)
        if not all(event.group_key for event in events):
            self._wake_drain()
        return events

    @api.model
    def _append(self, rows, **common):
        appended = super()._append(rows, **common)
        # A group leaves when it is complete, which the end of its file tells.
        if not common.get("group_key"):
            self._wake_drain()
        return appended

    @api.model
    def _wake_drain(self):
        """Drain as soon as this transaction is committed."""
        wake(self.env, "oiconnect_interop.cron_drain")

    # ------------------------------------------------------------------
    # Again, by hand
    # ------------------------------------------------------------------

    @api.model
    def _resent_channels(self):
        """Hook: return the channels whose messages are sent again one by one."""
        return ()

    def action_send_again(self):
        """Send messages once more, as they were sent the first time.

        The version number is the same: a partner that has the message knows it again.
        """
        if not (self.env.su or self.env.user.has_groups(RESENDERS)):
            raise AccessError(
                self.env._(
                    "Only administrators of exchanges or of the API send messages "
                    "again."
                )
            )
        self.check_access("read")
        channels = self._resent_channels()
        wrong = self.filtered(
            lambda one: one.channel not in channels or one.state not in RESENT_STATES
        )
        if wrong:
            raise UserError(
                self.env._(
                    "%s: only a message to a web service that left, was skipped or is "
                    "in error is sent again.",
                    ", ".join(wrong[:5].mapped("display_name")),
                )
            )
        self.sudo()._send_again()

    def _send_again(self):
        self.write({"state": "pending", "error": False})

    # ------------------------------------------------------------------
    # Into a file: many messages in one statement
    # ------------------------------------------------------------------

    def _payloads(self):
        """Return what each message says, in their order."""
        self.flush_model(["payload"])
        query = SQL(
            "SELECT id, payload FROM oiconnect_event WHERE id = ANY(%s)", self.ids
        )
        payloads = dict(self.env.execute_query(query))
        return [payloads[event_id] for event_id in self.ids]

    def _group_keys(self):
        self.flush_model(["group_key"])
        query = SQL(
            "SELECT DISTINCT group_key FROM oiconnect_event WHERE id = ANY(%s)",
            self.ids,
        )
        return {key for (key,) in self.env.execute_query(query)}

    @api.model
    def _hand_over(self, files):
        """Note in which file messages left.

        :param files: ``{exchange: its messages}``
        """
        pairs = [(id_, file.id) for file, sent in files.items() for id_ in sent.ids]
        events, exchanges = zip(*pairs, strict=True) if pairs else ((), ())
        self.flush_model()
        self.env.cr.execute(
            SQL(
                """
                UPDATE oiconnect_event SET state = 'done', exchange_id = file.id,
                    error = NULL, write_uid = %s, write_date = %s
                FROM unnest(%s::int[], %s::int[]) AS file(event_id, id)
                WHERE oiconnect_event.id = file.event_id
                """,
                self.env.uid,
                self.env.cr.now(),
                list(events),
                list(exchanges),
            )
        )
        self.browse(events).invalidate_recordset(flush=False)
        self.env["oiconnect.exchange"].browse(exchanges).invalidate_recordset(
            ["event_ids"], flush=False
        )
