from odoo import api, fields, models

from ...bulk.cpn import CpnImport
from ...bulk.detection import detect
from ...bulk.ipe import IpeImport
from ...bulk.messages import MESSAGES, message_text

READERS = {"ipe": IpeImport, "cpn": CpnImport}


class Import(models.Model):
    """Files of the flows that tell the network: IPE and CPN."""

    _inherit = "oiconnect.import"

    kind = fields.Selection(
        selection_add=[("ipe", "IPE"), ("cpn", "CPN")],
        ondelete={"ipe": "cascade", "cpn": "cascade"},
    )

    def _detect(self, raw):
        kinds = {reader.flow: kind for kind, reader in READERS.items()}
        return super()._detect(raw) or detect(
            self.env, self.file_name, raw, self._limits(), kinds
        )

    def _reader(self):
        return READERS.get(self.kind) or super()._reader()

    def _format(self):
        reader = READERS.get(self.kind)
        if not reader:
            return super()._format()
        flow = self.env["oiconnect.flow"]._by_code(reader.flow)
        return flow._format_for(self.env["oiconnect.operator"], self.flow_version)


class ImportLineError(models.Model):
    """Sentences of the rules of an IPE and a CPN."""

    _inherit = "oiconnect.import.error"

    @api.model
    def _message_text(self, key, params):
        if key in MESSAGES:
            return message_text(self.env, key, params)
        return super()._message_text(key, params)
