from odoo import api, fields, models

from odoo.addons.oiconnect_orders.controls.receipt import Refusal
from odoo.addons.oiconnect_orders.personal import CUSTOMER_GROUPS
from odoo.addons.oiconnect_orders.wire import from_local, local_iso


class Exchange(models.Model):
    """Technical acknowledgements: that a file of reports was read, either way."""

    _inherit = "oiconnect.exchange"

    notice_result = fields.Selection(
        [("OK", "Read"), ("KO", "Not read")],
        "Acknowledged by the operator",
        readonly=True,
    )
    notice_date = fields.Datetime("Acknowledged on", readonly=True)
    notice_comment = fields.Char(
        "Operator's remark", readonly=True, groups=CUSTOMER_GROUPS
    )

    def _acknowledge(self):
        """Tell the operator that its file was read, when that was agreed."""
        notice = self.flow_id.notice_flow_id
        if not notice or not self.flow_id._terms(self.operator_id).is_acknowledged:
            return
        refused = self._is_refused()
        self.env["oiconnect.event"].sudo().create(
            {
                "flow": notice.code,
                "operator_id": self.operator_id.id,
                "network_id": self.network_id.id,
                "version": self.version,
                "group_key": self._event_origin().group,
                "payload": {
                    "file_name": self.name,
                    "result": "KO" if refused else "OK",
                    "date": local_iso(fields.Datetime.now()),
                    "line_count": self.line_count,
                    "refused_count": self.refused_count,
                    "comment": self.message if refused else None,
                },
            }
        )

    @api.model
    @api.private
    def _receive_notice(self, line, operator, network, origin, flow):
        """Keep what the operator says of a file of ours, by a line of ``flow``."""
        file = self._acknowledged_file(line["file_name"], operator, network, flow)
        if not file:
            text = self.env._("No file of this name was sent to the operator.")
            return self.browse(), [Refusal("FIMP14", "file_name", text)]
        file.write(
            {
                "notice_result": line["result"],
                "notice_date": from_local(line.get("date")),
                "notice_comment": line.get("comment"),
            }
        )
        if line["result"] == "KO":
            # Not in its words: they may name a customer.
            file._alert(
                self.env._("The operator could not read this file: see its remark.")
            )
        return self.browse(), []

    @api.model
    def _acknowledged_file(self, name, operator, network, flow):
        """Return the file of ours of this name that ``flow`` acknowledges."""
        return self.search(
            [
                ("operator_id", "=", operator.id),
                ("network_id", "=", network.id),
                ("direction", "=", "out"),
                ("name", "=", name),
                ("flow_id.notice_flow_id", "=", flow.id),
            ],
            limit=1,
        )
