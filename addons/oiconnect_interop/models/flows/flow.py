from typing import NamedTuple

from odoo import api, fields, models, tools
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from odoo.addons.oiconnect_base.models.guarded import EVERY_FIELD
from odoo.addons.oiconnect_import.bulk.messages import message_text
from odoo.addons.oiconnect_import.protocol import FileError, PayloadError
from odoo.addons.oiconnect_import.protocol.definition import version_key
from odoo.addons.oiconnect_import.protocol.naming import (
    build_name,
    check_template,
    compile_pattern,
    identify,
)
from odoo.addons.oiconnect_orders.personal import CUSTOMER_FIELDS

_lt = LazyTranslate(__name__)

ENCODINGS = [
    ("utf-8", "UTF-8"),
    ("utf-8-sig", "UTF-8 with mark"),
    ("cp1252", "Windows-1252"),
    ("iso-8859-15", "ISO-8859-15"),
]
SEPARATORS = {"semicolon": ";", "comma": ",", "tab": "\t", "pipe": "|"}
LINE_ENDS = {"crlf": "\r\n", "lf": "\n"}
MARKS = {"comma": ",", "point": "."}
GROUPINGS = [
    ("source", "One file for each file answered"),
    ("run", "One file for each sending"),
    ("order", "One file for each order"),
]
# Directions of what an operator sends us
FROM_OPERATORS = ("in", "both")
# What a seed fixes: names of fields and of seed columns
SEED_FIELDS = (
    "code",
    "name",
    "direction",
    "protocol",
    "aliases",
    "file_template",
    "reading_pattern",
    "encoding",
    "separator",
    "line_end",
    "quoting",
    "decimal_mark",
    "grouping",
    "key_field",
    "carried_field",
)
# What a seed says of other flows: its column → the field
SEED_LINKS = {
    "answer": "answer_flow_id",
    "report": "report_flow_id",
    "notice": "notice_flow_id",
    "carrier": "carrier_flow_id",
}


class Terms(NamedTuple):
    """Terms of a flow with an operator: agreed, or default."""

    grouping: str
    file_template: str
    version: str = ""
    encoding: str = ""
    labels: bool = False
    is_sent: bool = True
    is_acknowledged: bool = False


class Flow(models.Model):
    """A kind of file exchanged with operators: its names and how it is written."""

    _name = "oiconnect.flow"
    _description = "Flow"
    _created_text = _lt("Flow created")
    _inherit = [
        "oiconnect.cached.mixin",
        "oiconnect.small.table.mixin",
        "oiconnect.chatter",
        "oiconnect.flow.seed",
    ]
    _order = "protocol, sequence, code"
    _rec_name = "code"
    _rec_names_search = ["code", "name", "aliases"]
    _free_fields = EVERY_FIELD

    code = fields.Char(required=True, copy=False, tracking=True)
    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True, tracking=True)
    sequence = fields.Integer(default=100)
    direction = fields.Selection(
        [
            ("in", "Operator to us"),
            ("out", "Us to operator"),
            ("both", "Both ways"),
            ("import", "Us to operator; imported here"),
        ],
        required=True,
        default="in",
        tracking=True,
    )
    protocol = fields.Selection(
        [("access", "Access"), ("pm", "PM")],
        required=True,
        default="access",
        tracking=True,
    )
    aliases = fields.Char(
        tracking=True, help="Other codes read in file names, separated by spaces"
    )
    file_template = fields.Char(
        "File name",
        required=True,
        tracking=True,
        help="Parts: {oi} {oc} {network} {zone} {reference} {flow} {version} {date} "
        "{sequence:02d}",
    )
    reading_pattern = fields.Char(
        "Reading pattern",
        required=True,
        tracking=True,
        help="Regular expression of the names received, with the groups oi, oc, ref, "
        "flow, version, date, seq and ext; {flow} stands for the code and its aliases",
    )
    encoding = fields.Selection(
        ENCODINGS,
        "Written encoding",
        required=True,
        default="utf-8",
        tracking=True,
        help="Received files are read in the encoding they are in",
    )
    separator = fields.Selection(
        [
            ("semicolon", "Semicolon"),
            ("comma", "Comma"),
            ("tab", "Tabulation"),
            ("pipe", "Vertical bar"),
        ],
        required=True,
        default="semicolon",
        tracking=True,
    )
    line_end = fields.Selection(
        string="Line end",
        selection=[("crlf", "CR LF (Windows)"), ("lf", "LF (Unix)")],
        required=True,
        default="crlf",
        tracking=True,
    )
    quoting = fields.Selection(
        [
            ("minimal", "Quotes where needed"),
            ("none", "No quotes, signs replaced"),
        ],
        required=True,
        default="minimal",
        tracking=True,
    )
    decimal_mark = fields.Selection(
        string="Decimal mark",
        selection=[("point", "Point"), ("comma", "Comma")],
        required=True,
        default="point",
        tracking=True,
    )
    grouping = fields.Selection(GROUPINGS, required=True, default="run", tracking=True)
    key_field = fields.Char(
        "Key of a line",
        tracking=True,
        help="Field by which a line names its record, such as oc_reference",
    )
    answer_flow_id = fields.Many2one(
        "oiconnect.flow",
        "Receipt",
        ondelete="restrict",
        index=True,
        tracking=True,
        help="Flow that answers each line of a file, at once",
    )
    report_flow_id = fields.Many2one(
        "oiconnect.flow",
        "Report",
        ondelete="restrict",
        index=True,
        tracking=True,
        help="Flow that tells later what came of the lines",
    )
    reported_flow_ids = fields.One2many(
        "oiconnect.flow", "report_flow_id", "Reports on"
    )
    notice_flow_id = fields.Many2one(
        "oiconnect.flow",
        "Technical acknowledgement",
        ondelete="restrict",
        index=True,
        tracking=True,
        help="Flow that tells that a file was read",
    )
    acknowledged_flow_ids = fields.One2many(
        "oiconnect.flow", "notice_flow_id", "Acknowledges"
    )
    carrier_flow_id = fields.Many2one(
        "oiconnect.flow",
        "Carried by",
        ondelete="restrict",
        index=True,
        tracking=True,
        help="Flow that tells the carried field to operators who get no file of this "
        "flow",
    )
    carried_field = fields.Char(tracking=True)
    format_ids = fields.One2many("oiconnect.flow.format", "flow_id", "Formats")
    versions = fields.Char(compute="_compute_versions")

    _code_uniq = models.UniqueIndex("(code)", "A flow with this code exists.")
    _code_form = models.Constraint(
        "CHECK (code ~ '^[A-Za-z0-9][A-Za-z0-9_]*$')",
        "The code of a flow is made of letters, digits and underscores.",
    )

    @api.constrains("code", "aliases", "file_template", "reading_pattern")
    def _check_naming(self):
        for flow in self:
            try:
                check_template(flow.file_template)
                compile_pattern(flow.reading_pattern, flow._tokens())
            except FileError as error:
                raise ValidationError(self._error_text(error)) from error

    @api.constrains("encoding", "separator", "quoting", "decimal_mark")
    def _check_writing(self):
        self.format_ids._check_usable()

    @api.depends("code", "name")
    def _compute_display_name(self):
        for flow in self:
            flow.display_name = " · ".join(filter(None, (flow.code, flow.name)))

    @api.depends("format_ids.version", "format_ids.active", "format_ids.operator_id")
    def _compute_versions(self):
        for flow in self:
            flow.versions = ", ".join(reversed(flow._versions()))

    # ------------------------------------------------------------------
    # Names
    # ------------------------------------------------------------------

    @api.model
    def _by_code(self, code):
        """Return the active flow ``code``, or an empty recordset."""
        return self.sudo().browse(self._id_by_code(code))

    @api.model
    @tools.ormcache("code")
    def _id_by_code(self, code):
        return self.sudo().search(Domain("code", "=", code), limit=1).id

    @api.model
    def _identify(self, file_name):
        """Return ``(flow, FileName)`` of a received file, ``(empty, None)`` else."""
        found = identify(file_name, self._reading_patterns())
        if not found:
            return self.browse(), None
        flow_id, read = found
        return self.sudo().browse(flow_id), read

    @api.model
    @tools.ormcache()
    def _reading_patterns(self):
        flows = self.sudo().search(Domain("direction", "!=", "out"))
        return [(flow.id, flow.reading_pattern, flow._tokens()) for flow in flows]

    def _tokens(self):
        """Return the codes by which file names tell this flow."""
        return (self.code, *(self.aliases or "").split())

    def _build_file_name(
        self, operator, network, version, date, sequence, reference=""
    ):
        """Return the name of a file we send, as agreed with the operator."""
        self.ensure_one()
        parts = {
            "oi": network.oi_code,
            "oc": operator.interop_code or "",
            "network": network.code,
            "zone": "01",
            "reference": reference,
            "flow": self.code,
            "version": version,
            "date": date,
            "sequence": sequence,
        }
        try:
            return build_name(self._terms(operator).file_template, parts)
        except FileError as error:
            raise UserError(self._error_text(error)) from error

    # ------------------------------------------------------------------
    # Formats
    # ------------------------------------------------------------------

    def _versions(self):
        """Return the active versions that hold for every operator, newest first."""
        self.ensure_one()
        shared = self.format_ids.filtered(lambda item: not item.operator_id)
        return sorted(shared.mapped("version"), key=version_key, reverse=True)

    def _newest_format(self):
        """Return the protocol ``Format`` of the newest version for every operator."""
        self.ensure_one()
        newest = self._versions()[0]
        return self._format_for(self.env["oiconnect.operator"], newest)

    @api.model
    @tools.ormcache()
    def _newest_mark(self):
        """Return what changes with the newest columns that operators send."""
        flows = self.sudo().search(Domain("direction", "in", FROM_OPERATORS))
        known = flows.filtered(lambda flow: flow._versions())
        return hash(tuple(flow._newest_format().columns for flow in known))

    def _has_version(self, version, operator):
        """Tell whether ``operator`` may speak ``version`` of this flow."""
        self.ensure_one()
        return bool(self._format_id(operator.id, version))

    def _format_for(self, operator, version=""):
        """Return the protocol ``Format`` of ``version`` for ``operator``.

        The operator's own format comes before the common one; without version, the
        operator's version of this protocol is meant.
        """
        self.ensure_one()
        version = version or operator._protocol_version(self.protocol)
        found = self._format_id(operator.id, version)
        if not found:
            raise UserError(
                self.env._(
                    "The flow %(flow)s has no format of version %(version)s: add it "
                    "in Flows and formats.",
                    flow=self.code,
                    version=version or "—",
                )
            )
        return self._cached_format(found)

    @api.model
    @tools.ormcache("format_id")
    def _cached_format(self, format_id):
        """Return the ``Format``, one for all operators that share it."""
        formats = self.env["oiconnect.flow.format"].sudo()
        return formats.browse(format_id)._protocol_format()

    @tools.ormcache("self.id", "operator_id", "version")
    def _format_id(self, operator_id, version):
        """Return the id of the format to use, the operator's own first."""
        formats = self.env["oiconnect.flow.format"].sudo()
        formats = formats.with_context(active_test=True).search(
            Domain("flow_id", "=", self.id)
            & Domain("version", "=", version)
            & Domain("operator_id", "in", [operator_id or False, False])
        )
        own = formats.filtered("operator_id")
        return (own or formats)[:1].id

    @api.model
    def _with_customers(self):
        """Return the flows about records with a column that may tell of a customer."""
        self.env["oiconnect.flow.column"].flush_model()
        self.flush_model(["key_field"])
        rows = self.env.execute_query(
            SQL(
                """SELECT f.flow_id
                     FROM oiconnect_flow_format f
                     JOIN oiconnect_flow flow ON flow.id = f.flow_id
                     JOIN oiconnect_flow_column c ON c.format_id = f.id
                    GROUP BY f.id
                   HAVING bool_or(c.field_path = flow.key_field)
                      AND bool_or(c.field_path IN %s
                                  OR c.field_path LIKE 'info\\_%%')""",
                (*CUSTOMER_FIELDS, "comment"),
            )
        )
        return self.browse(sorted({flow_id for (flow_id,) in rows}))

    def _terms(self, operator):
        """Return the :class:`Terms` of this flow with ``operator``."""
        self.ensure_one()
        return self._cached_terms(operator.id)

    @tools.ormcache("self.id", "operator_id")
    def _cached_terms(self, operator_id):
        agreed = (
            self.env["oiconnect.flow.terms"]
            .sudo()
            .search(
                Domain("flow_id", "=", self.id)
                & Domain("operator_id", "=", operator_id)
            )
        )
        return Terms(
            grouping=agreed.grouping or self.grouping,
            file_template=agreed.file_template or self.file_template,
            version=agreed.version or "",
            encoding=agreed.encoding or "",
            labels=agreed.reason_text == "label",
            is_sent=not agreed or agreed.is_sent,
            is_acknowledged=agreed.is_acknowledged,
        )

    @api.model
    def _error_text(self, error):
        """Return the sentence of a protocol error in the user's language."""
        if isinstance(error, PayloadError):
            return " ".join(map(self._error_text, error.errors))
        key = getattr(error, "message_key", None) or error.reason
        return message_text(self.env, key, error.params)

    def _seed_content(self):
        flow = self.with_context(lang=None)
        content = {name: flow[name] or "" for name in SEED_FIELDS}
        links = {name: flow[field].code or "" for name, field in SEED_LINKS.items()}
        return content | links
