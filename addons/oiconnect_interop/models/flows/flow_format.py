import base64

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from odoo.addons.oiconnect_base.models.guarded import EVERY_FIELD
from odoo.addons.oiconnect_base.time_zone import local_today
from odoo.addons.oiconnect_import.protocol import (
    Format,
    ProtocolError,
    join_cells,
    write,
)
from odoo.addons.oiconnect_import.protocol.definition import DEFINITION, version_key

from ...bulk.publish import SOURCES
from ...bulk.publish.cells import SEPARATOR
from ...related_counts import count_related
from .flow import ENCODINGS, LINE_ENDS, MARKS, SEPARATORS

_lt = LazyTranslate(__name__)

PREVIEW_COLUMNS = 10
# Lines of a published file that its format shows
PREVIEW_LINES = 10


class FlowFormat(models.Model):
    """Ordered columns of a flow in a version, for all operators or for one."""

    _name = "oiconnect.flow.format"
    _description = "Format of a flow"
    _created_text = _lt("Format created")
    _inherit = ["oiconnect.cached.mixin", "oiconnect.chatter", "oiconnect.flow.seed"]
    _order = "flow_id, version desc, operator_id, id"
    _rec_name = "version"
    _free_fields = EVERY_FIELD

    flow_id = fields.Many2one(
        "oiconnect.flow", required=True, ondelete="cascade", tracking=True
    )
    protocol = fields.Selection(related="flow_id.protocol")
    version = fields.Char(required=True, tracking=True, help="Such as V1.3")
    operator_id = fields.Many2one(
        "oiconnect.operator",
        ondelete="cascade",
        index="btree_not_null",
        tracking=True,
        help="Leave empty for the format of all operators",
    )
    active = fields.Boolean(default=True, tracking=True)
    encoding = fields.Selection(
        ENCODINGS,
        tracking=True,
        help="Leave empty for the encoding of the flow",
    )
    column_ids = fields.One2many(
        "oiconnect.flow.column", "format_id", "Columns", copy=True
    )
    column_count = fields.Integer(
        compute="_compute_column_count", string="Number of columns"
    )
    preview = fields.Text(compute="_compute_preview")
    definition_file = fields.Binary(compute="_compute_definition_file")

    published_preview = fields.Html(
        compute="_compute_published_preview", sanitize=False
    )

    # Serves the choice of a format for a file: flow, version, operator.
    _common_uniq = models.UniqueIndex(
        "(flow_id, version) WHERE operator_id IS NULL",
        "This flow has a format of this version.",
    )
    _operator_uniq = models.UniqueIndex(
        "(flow_id, version, operator_id) WHERE operator_id IS NOT NULL",
        "This operator has a format of this flow and version.",
    )
    _version_form = models.Constraint(
        r"CHECK (version ~ '^V[0-9]\.[0-9]+$')",
        "A version is written V, a digit, a point and a number, such as V1.3.",
    )

    @api.constrains("encoding", "column_ids")
    def _check_usable(self):
        """A format that cannot work is refused before it meets a file."""
        for item in self:
            try:
                form = item._protocol_format()
                for encoding in item._agreed_encodings():
                    form.encoded(encoding)
            except ProtocolError as error:
                text = self.env["oiconnect.flow"]._error_text(error)
                message = f"{item.display_name}: {text}"
                raise ValidationError(message) from error

    def _agreed_encodings(self):
        """Return the encodings in which operators have the files of the format."""
        domain = Domain("flow_id", "=", self.flow_id.id)
        if self.operator_id:
            domain &= Domain("operator_id", "=", self.operator_id.id)
        terms = self.env["oiconnect.flow.terms"].sudo().search(domain)
        return set(terms.filtered("encoding").mapped("encoding"))

    @api.depends("flow_id.code", "version", "operator_id.interop_code")
    def _compute_display_name(self):
        for item in self:
            parts = (item.flow_id.code, item.version, item.operator_id.interop_code)
            item.display_name = " ".join(filter(None, parts))

    @api.depends("column_ids")
    def _compute_column_count(self):
        count_related(self, "column_count", "oiconnect.flow.column", "format_id")

    @api.depends("column_ids.name", "column_ids.sequence", "flow_id.separator")
    def _compute_preview(self):
        """Show how a file begins: header and one line, of the first columns."""
        for item in self:
            columns = item.column_ids.sorted("sequence")[:PREVIEW_COLUMNS]
            separator = SEPARATORS.get(item.flow_id.separator, ";")
            rows = (
                [name or "" for name in columns.mapped("name")],
                [column._example() for column in columns],
            )
            item.preview = "\n".join(join_cells(cells, separator) for cells in rows)

    @api.depends("column_ids")
    def _compute_definition_file(self):
        for item in self:
            item.definition_file = base64.b64encode(item._definition_content())

    def copy_data(self, default=None):
        """A copy is the next version: a version exists once."""
        default = default or {}
        vals_list = super().copy_data(default)
        for item, vals in zip(self, vals_list, strict=True):
            if not {"version", "operator_id"} & default.keys():
                vals["version"] = item._next_version()
        return vals_list

    def _next_version(self):
        """Return the first version after this one that the flow does not have."""
        known = self.with_context(active_test=False).flow_id.format_ids
        major, minor = version_key(self.version)
        while f"V{major}.{minor}" in known.mapped("version"):
            minor += 1
        return f"V{major}.{minor}"

    def _protocol_format(self):
        """Return the ``Format`` that reads and writes files."""
        self.ensure_one()
        flow = self.flow_id
        columns = self.column_ids.sorted("sequence")
        return Format(
            flow=flow.code,
            version=self.version,
            columns=tuple(column._protocol_column() for column in columns),
            separator=SEPARATORS[flow.separator],
            encoding=self.encoding or flow.encoding,
            line_end=LINE_ENDS[flow.line_end],
            quoting=flow.quoting,
            decimal_mark=MARKS[flow.decimal_mark],
        )

    def _definitions(self):
        """Return the columns as the file of columns describes them."""
        columns = self.column_ids.sorted("sequence")
        return [column._definition(rank) for rank, column in enumerate(columns, 1)]

    def _definition_content(self):
        rows = [definition.row() for definition in self._definitions()]
        return write(DEFINITION, rows).content

    def _seed_content(self):
        return self._seed_rows_of(self._definitions(), self.version)

    @api.model
    def _seed_rows_of(self, definitions, version):
        """Return what a seed fixes: the columns of one version, by rank."""
        return [
            definition._replace(versions=(version,), rank=rank).row()
            for rank, definition in enumerate(definitions, 1)
        ]

    def action_open(self):
        """Open the format in its own page."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
        }

    def action_download(self):
        """Download the columns as the file that can be loaded again."""
        self.ensure_one()
        name = f"{self.display_name.replace(' ', '_')}.csv"
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/definition_file/{name}"
            "?download=true",
        }

    def action_new_format(self):
        """Open the assistant that makes a version, or an operator's own format."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New format"),
            "res_model": "oiconnect.flow.format.new",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_flow_id": self.flow_id.id,
                "default_source_id": self.id,
                "default_version": self._next_version(),
            },
        }

    # ------------------------------------------------------------------
    # Preview of what is published
    # ------------------------------------------------------------------

    @api.depends(
        "column_ids.name",
        "column_ids.sequence",
        "column_ids.field_path",
        "column_ids.value_type",
        "column_ids.value_list",
        "column_ids.max_length",
        "column_ids.decimals",
        "flow_id.code",
    )
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_published_preview(self):
        may_read = self.env["oiconnect.building"].has_access("read")
        for item in self:
            family = (item.flow_id.code or "").lower()
            item.published_preview = (
                item._preview_of(family) if may_read and family in SOURCES else False
            )

    def _preview_of(self, family):
        """Return the table of the first lines, or what is wrong with the format."""
        network = self.env["oiconnect.network"].search(
            [("company_id", "in", self.env.companies.ids)], limit=1
        )
        try:
            form = self._protocol_format()
            lines = self._first_lines(family, network, form) if network else []
        except ProtocolError as error:
            text = self.env["oiconnect.import"]._error_text(error)
            return Markup('<p class="text-danger">%s</p>') % text
        return _table(form.header, lines)

    def _first_lines(self, family, network, form):
        source = SOURCES[family](network, form, local_today())
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL("%s ORDER BY record_id LIMIT %s", source.lines(), PREVIEW_LINES)
        )
        return [line.split(SEPARATOR) for _record_id, line in rows]


def _table(header, lines):
    """Return the HTML of a table that scrolls sideways."""
    names = Markup("").join(Markup("<th>%s</th>") % name for name in header)
    rows = Markup("").join(
        Markup("<tr>%s</tr>")
        % Markup("").join(Markup("<td>%s</td>") % cell for cell in line)
        for line in lines
    )
    return Markup(
        '<div class="overflow-auto"><table class="table table-sm text-nowrap">'
        "<thead><tr>%s</tr></thead><tbody>%s</tbody></table></div>"
    ) % (names, rows)
