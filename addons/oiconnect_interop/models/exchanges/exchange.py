import base64
import hashlib
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.translate import LazyTranslate

from odoo.addons.oiconnect_base.models.guarded import EVERY_FIELD
from odoo.addons.oiconnect_base.resource import Resource, own
from odoo.addons.oiconnect_orders.personal import CUSTOMER_GROUPS

from ...parameters import number

_lt = LazyTranslate(__name__)

# The state carries the direction: a file in cannot be in a state of a file out.
STATES = [
    ("in_received", "Received"),
    ("in_processing", "Being processed"),
    ("in_done", "Processed"),
    ("in_partial", "Processed with refusals"),
    ("in_refused", "Refused"),
    ("in_anomaly", "Anomaly"),
    ("out_ready", "To send"),
    ("out_sent", "Sent"),
    ("out_expired", "Not sent"),
]
SETTLED = ("in_done", "in_partial", "in_refused", "in_anomaly")
REFUSED = ("in_refused", "in_anomaly")
DEFAULT_SIZE_LIMIT_MB = 100


class Exchange(models.Model):
    """File exchanged with an operator, received or sent; applied exactly once."""

    _name = "oiconnect.exchange"
    _description = "Exchange"
    _resource = Resource(
        "exchanges",
        "name",
        less=("claim_token", "claim_stat", "next_place", "turn", "try_count"),
        operator_fields=(
            "network_id",
            "name",
            "direction",
            "state",
            "flow_id",
            "version",
            "size",
            "sha256",
            "line_count",
            "done_count",
            "refused_count",
            "sent_date",
            "create_date",
        ),
        operator_domain=own,
        content="content",
    )
    _created_text = _lt("Exchange created")
    _inherit = [
        "oiconnect.network.mixin",
        "mail.thread",
        "mail.activity.mixin",
        "oiconnect.customer.mixin",
    ]
    _order = "id desc"
    _event_fields = EVERY_FIELD

    name = fields.Char("File", required=True, readonly=True, index="trigram")
    direction = fields.Selection(
        [("in", "Received"), ("out", "Sent")], required=True, readonly=True
    )
    state = fields.Selection(STATES, required=True, readonly=True)
    operator_id = fields.Many2one(
        "oiconnect.operator",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    endpoint_id = fields.Many2one(
        "oiconnect.endpoint", readonly=True, index=True, ondelete="restrict"
    )
    flow_id = fields.Many2one(
        "oiconnect.flow", readonly=True, index=True, ondelete="restrict"
    )
    flow_code = fields.Char("Flow code", related="flow_id.code")
    version = fields.Char(readonly=True)
    encoding = fields.Char(readonly=True)
    publication_id = fields.Many2one(
        "oiconnect.publication",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    content = fields.Binary(
        attachment=True, readonly=True, copy=False, groups=CUSTOMER_GROUPS
    )
    size = fields.Integer("Bytes", readonly=True)
    sha256 = fields.Char("SHA-256", readonly=True)
    message = fields.Char("What happened", readonly=True)

    line_count = fields.Integer("Lines", readonly=True)
    done_count = fields.Integer("Lines processed", readonly=True)
    refused_count = fields.Integer("Lines refused", readonly=True)
    try_count = fields.Integer("Tries of the next line", readonly=True, copy=False)
    next_place = fields.Json("Where the next line is", readonly=True, copy=False)
    progress = fields.Float(compute="_compute_progress")
    error_ids = fields.One2many("oiconnect.exchange.error", "exchange_id", "Errors")
    event_ids = fields.One2many("oiconnect.event", "exchange_id", "Messages carried")

    source_id = fields.Many2one(
        "oiconnect.exchange", "Answers to", readonly=True, index="btree_not_null"
    )
    answer_ids = fields.One2many("oiconnect.exchange", "source_id", "Answers")
    duplicate_of_id = fields.Many2one(
        "oiconnect.exchange",
        "Same name as",
        readonly=True,
        index="btree_not_null",
        help="A file of this name and another content was processed before",
    )
    replay_count = fields.Integer("Received again", readonly=True)
    replay_date = fields.Datetime("Last received again", readonly=True)
    sent_date = fields.Datetime("Sent on", readonly=True)
    attempt_count = fields.Integer("Attempts", readonly=True)
    claim_token = fields.Char(readonly=True, copy=False)
    claim_stat = fields.Char("Size and time when taken", readonly=True, copy=False)

    # One row per file: a second file of the name is a replay or an anomaly.
    _file_uniq = models.UniqueIndex(
        "(operator_id, network_id, COALESCE(flow_id, 0), direction, name) "
        "WHERE duplicate_of_id IS NULL",
        "A file of this name was already exchanged.",
    )
    # What happened to the files that a look finds claimed in the account.
    _claim_uniq = models.UniqueIndex(
        "(claim_token) WHERE claim_token IS NOT NULL", "This file was already taken."
    )
    # The next file to send to an account, and what waits to be processed.
    _waiting_idx = models.Index(
        "(endpoint_id, id) WHERE state IN ('out_ready', 'in_received', 'in_processing')"
    )
    # What came of an account today, which its quota limits.
    _arrival_idx = models.Index("(endpoint_id, create_date) WHERE direction = 'in'")
    # The list filtered by state.
    _state_idx = models.Index("(state, id DESC)")
    # Files sent to an operator in a day: the number in the name of the next one.
    _day_idx = models.Index(
        "(operator_id, flow_id, create_date) WHERE direction = 'out'"
    )
    # Figures of the day: create_date >= midnight
    _created_idx = models.Index("(create_date)")

    @api.depends("line_count", "done_count")
    def _compute_progress(self):
        for exchange in self:
            total = exchange.line_count
            exchange.progress = 100 * exchange.done_count / total if total else 0

    @api.model_create_multi
    def create(self, vals_list):
        """Keep the words of files, and the customers in them, out of the database."""
        unread = self.with_context(oiconnect_no_index=True)
        exchanges = super(Exchange, unread).create(vals_list).with_env(self.env)
        exchanges.filtered(lambda file: file.state == "in_received")._take_turns()
        return exchanges

    def write(self, vals):
        # A place holds for the bytes that were read.
        if "content" in vals:
            vals = vals | {"next_place": False}
        return super(Exchange, self.with_context(oiconnect_no_index=True)).write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_always(self):
        raise UserError(self.env._("What was exchanged is kept: it cannot be erased."))

    # ------------------------------------------------------------------
    # Content
    # ------------------------------------------------------------------

    def _attachment(self):
        """Return the attachment that holds the file: a publication keeps its own."""
        if self.publication_id:
            return self.publication_id._attachment()
        return self.env["ir.attachment"]._oiconnect_of_field(self, "content")

    def _open_content(self):
        """Open the file as a binary stream: it may be too large for the memory."""
        return self._attachment()._oiconnect_open()

    def _content(self):
        with self._open_content() as stream:
            return stream.read()

    def _is_settled(self):
        return self.state in SETTLED

    def _is_at_rest(self):
        return self._is_settled()

    def _is_refused(self):
        return self.state in REFUSED

    @api.model
    def _size_limit(self):
        """Return the size in bytes that a received file may have."""
        megabytes = number(self.env, "max_file_mb", DEFAULT_SIZE_LIMIT_MB)
        return int(megabytes * 1024 * 1024)

    # ------------------------------------------------------------------
    # Reception
    # ------------------------------------------------------------------

    @api.model
    def _receive_file(
        self, endpoint, name, content, token=None, stat=None, earlier=None
    ):
        """Store a file that an operator dropped; process it unless it is known.

        Same name and same content: a replay, answered again. Same name, and more
        after the same beginning: the same file, which goes on. Same name and another
        content: an anomaly, stored and shown, nothing applied.

        :param stat: size and time of the file that was read
        :param earlier: what was taken of this file before it changed on the server
        :return: the exchange that tells the end of this file
        """
        self = self.with_context(lang=endpoint.operator_id.lang)
        vals, file_name = self._arrival_vals(endpoint, name)
        vals |= self._content_vals(content)
        vals |= {"claim_token": token, "claim_stat": stat}
        known = self._known_file(vals)
        if not known:
            exchange = self.create(vals)
            exchange._note_rank(file_name)
            exchange._plan_process()
            return exchange
        vals["duplicate_of_id"] = known.id
        contents = known._contents()
        if same := contents.filtered_domain([("sha256", "=", vals["sha256"])])[:1]:
            return self.create(vals | {"content": False})._replay(known, same)
        if begun := contents._begun(content, earlier):
            grown = self.create(vals | {"grown_from_id": begun.id})
            grown._plan_process()
            return grown
        return self.create(vals)._refuse_anomaly(known)

    @api.model
    def _content_vals(self, content):
        return {
            "content": base64.b64encode(content),
            "size": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
        }

    @api.model
    def _receive_unread(self, endpoint, name, token):
        """Return the exchange of a file that is too large to be read."""
        self = self.with_context(lang=endpoint.operator_id.lang)
        vals, file_name = self._arrival_vals(endpoint, name)
        known = self._known_file(vals)
        exchange = self.create(
            vals | {"claim_token": token, "duplicate_of_id": known.id}
        )
        if not known:
            exchange._note_rank(file_name)
        return exchange

    @api.model
    def _arrival_vals(self, endpoint, name):
        """Return what is known of a file by where it came and its name, and the name"""
        flow, file_name = self.env["oiconnect.flow"]._identify(name)
        vals = {
            "name": name,
            "direction": "in",
            "state": "in_received",
            "network_id": endpoint.network_id.id,
            "operator_id": endpoint.operator_id.id,
            "endpoint_id": endpoint.id,
            "flow_id": flow.id,
            "version": self._version_in_name(flow, file_name, endpoint.operator_id),
        }
        return vals, file_name

    def _version_in_name(self, flow, file_name, operator):
        """Return the version in the name, if it is one that we can answer in."""
        version = file_name and file_name.version
        return version if version and flow._has_version(version, operator) else False

    def _known_file(self, vals):
        return self.search(
            [
                ("operator_id", "=", vals["operator_id"]),
                ("network_id", "=", vals["network_id"]),
                ("flow_id", "=", vals["flow_id"]),
                ("direction", "=", "in"),
                ("name", "=", vals["name"]),
                ("duplicate_of_id", "=", False),
            ],
            limit=1,
        )

    def _replay(self, known, same):
        """Answer again what was answered to the first copy; apply nothing."""
        known.write(
            {
                "replay_count": known.replay_count + 1,
                "replay_date": fields.Datetime.now(),
            }
        )
        same._with_beginnings().answer_ids._send_again()
        self.write(
            {
                "state": "in_done",
                "message": self.env._(
                    "Received again, same content: its answer is sent again, nothing "
                    "is processed twice."
                ),
            }
        )
        return self

    def _refuse_anomaly(self, known):
        self.state = "in_anomaly"
        self._alert(
            self.env._(
                "A file of this name with another content was received on %s: "
                "nothing is applied. Ask the operator to send it under a new name.",
                fields.Datetime.context_timestamp(self, known.create_date).strftime(
                    "%d/%m/%Y %H:%M"
                ),
            )
        )
        self.env["oiconnect.inbound"]._answer_file(self, self.message)
        self.env["oiconnect.event"]._wake_drain()
        return self

    def _alert(self, message):
        """Show ``message`` on the file, and to the person in charge."""
        self.message = message
        self.endpoint_id._give_task(self, message)

    def _plan_process(self, seconds=0):
        for exchange in self:
            exchange.with_delay(
                eta=fields.Datetime.now() + timedelta(seconds=seconds),
                identity_key=f"oiconnect-process-{exchange.id}",
                priority=exchange._job_priority(),
                channel="root.oiconnect_process",
                description=self.env._("Process %s", exchange.name),
                max_retries=0,
            )._process()

    @api.model
    def _cron_resume(self):
        """Plan again what waits for long: its job was lost or has failed."""
        limit = fields.Datetime.now() - timedelta(minutes=5)
        # What has no connection waits for a person, maybe for ever: it is no job.
        waiting = self.search(
            [
                ("state", "in", ("in_received", "in_processing", "out_ready")),
                ("write_date", "<", limit),
                "|",
                ("direction", "=", "in"),
                ("endpoint_id.active", "=", True),
            ],
            limit=500,
            order="id",
        )
        waiting.filtered(lambda e: e.direction == "in")._plan_process()
        waiting.filtered(lambda e: e.direction == "out")._plan_send()
