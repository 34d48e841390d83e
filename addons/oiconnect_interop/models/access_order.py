from odoo import api, fields, models

from odoo.addons.oiconnect_orders.models.access_order_timeline import BAD, NEUTRAL

FILE_READERS = "oiconnect_base.group_exchange_read"


class AccessOrder(models.Model):
    """The files by which an order came and was changed, in its timeline too."""

    _inherit = "oiconnect.access.order"

    exchange_line_ids = fields.One2many(
        "oiconnect.exchange.line",
        "res_id",
        "Lines received",
        domain=[("res_model", "=", "oiconnect.access.order")],
        bypass_search_access=True,
        groups=FILE_READERS,
        copy=False,
    )

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
