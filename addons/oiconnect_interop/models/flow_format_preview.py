from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import SQL

from ..bulk.publish.cells import SEPARATOR
from ..protocol import ProtocolError
from .publication_series import SOURCES

LINES = 10


class FlowFormat(models.Model):
    """The first lines of the network, as a format that is published writes them."""

    _inherit = "oiconnect.flow.format"

    published_preview = fields.Html(
        compute="_compute_published_preview", sanitize=False
    )

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
        source = SOURCES[family](network, form, fields.Date.context_today(self))
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL("%s ORDER BY record_id LIMIT %s", source.lines(), LINES)
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
