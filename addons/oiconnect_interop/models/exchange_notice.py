from odoo import fields, models

from odoo.addons.oiconnect_orders.controls.receipt import Refusal
from odoo.addons.oiconnect_orders.personal import CUSTOMER_GROUPS
from odoo.addons.oiconnect_orders.wire import from_local, local_iso

# By how its code begins, the flow that acknowledges a file of a flow.
NOTICES = {"AR": "NOTIF_AR", "CR": "NOTIF_CR"}


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
        notice = NOTICES.get((self.flow_id.code or "")[:2])
        agreed = self.flow_id and self.flow_id._terms(self.operator_id)
        if not notice or not agreed.is_acknowledged:
            return
        refused = self._is_refused()
        self.env["oiconnect.event"].sudo().create(
            {
                "flow": notice,
                "operator_id": self.operator_id.id,
                "network_id": self.network_id.id,
                "version": self.version,
                "group_key": f"exchange:{self.id}",
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

    def _take_notice(self, line):
        """Keep what the operator says of a file of ours; return the refusals."""
        file = self._acknowledged_file(line["file_name"])
        if not file:
            text = self.env._("No file of this name was sent to the operator.")
            return [Refusal("FIMP14", "file_name", text)]
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
        return []

    def _acknowledged_file(self, name):
        """Return the file of ours of this name that this flow acknowledges."""
        files = self.search(
            [
                ("operator_id", "=", self.operator_id.id),
                ("network_id", "=", self.network_id.id),
                ("direction", "=", "out"),
                ("name", "=", name),
            ]
        )
        return files.filtered(
            lambda file: NOTICES.get(file.flow_id.code[:2]) == self.flow_id.code
        )[:1]
