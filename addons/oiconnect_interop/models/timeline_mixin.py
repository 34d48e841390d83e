from odoo import api, fields, models

from odoo.addons.oiconnect_base.models.timeline_mixin import BAD, NEUTRAL

from .exchange_line import FILE_READERS


class TimelineMixin(models.AbstractModel):
    """The files by which a record came and was changed, in its timeline too."""

    _inherit = "oiconnect.timeline.mixin"

    exchange_line_ids = fields.One2many(
        "oiconnect.exchange.line",
        "res_id",
        "Lines received",
        domain=lambda self: [("res_model", "=", self._name)],
        bypass_search_access=True,
        groups=FILE_READERS,
        copy=False,
    )

    @api.model
    def _timeline_kinds(self):
        line = ("fa-download", self.env._("Line received"))
        return {"line": line} | super()._timeline_kinds()

    def _timeline_entries(self):
        entries = super()._timeline_entries()
        if self.env.user.has_group(FILE_READERS):
            entries += map(self._line_entry, self.exchange_line_ids)
        return entries

    def _line_entry(self, line):
        outcome = (
            self.env._("line %s refused", line.line)
            if line.code
            else self.env._("line %s taken", line.line)
        )
        return self._entry(
            "line",
            line,
            line.date,
            self._flow_label(line.flow_code),
            outcome,
            self._reason_label(line.code),
            style=BAD if line.code else NEUTRAL,
            who=self.operator_id.interop_code,
            links=[self._entry_link(line.exchange_id, line.exchange_id.name)],
        )

    def _message_links(self, event):
        links = super()._message_links(event)
        file = event.exchange_id
        if file and self.env.user.has_group(FILE_READERS):
            links.append(self._entry_link(file, file.name))
        return links

    @api.model
    def _flow_label(self, code):
        flow = self.env["oiconnect.flow"]._by_code(code)
        return f"{code} – {flow.name}" if flow else code
