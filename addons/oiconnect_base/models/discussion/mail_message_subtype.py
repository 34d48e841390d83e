from odoo import models
from odoo.exceptions import AccessError

from ...discussion import OPERATOR_SUBTYPE

# Subtypes that distinguish our messages
_FIXED = ("mail.mt_comment", "mail.mt_note", OPERATOR_SUBTYPE)


class MailMessageSubtype(models.Model):
    """Kinds of messages: those of our messages mean the same for ever."""

    _inherit = "mail.message.subtype"

    def write(self, vals):
        self._check_not_fixed()
        return super().write(vals)

    def unlink(self):
        self._check_not_fixed()
        return super().unlink()

    def _check_not_fixed(self):
        if self.env.su:
            return
        get_id = self.env["ir.model.data"]._xmlid_to_res_id
        if {get_id(name) for name in _FIXED} & set(self.ids):
            raise AccessError(
                self.env._("Messages are kept under this subtype: it does not change.")
            )
