from odoo import models


class MailThread(models.AbstractModel):
    """Checks rights before it reads; tells creations in a whole sentence."""

    _inherit = "mail.thread"

    #: "Publication created", with ``_lt``: Odoo puts the model's name before one word,
    #: which French cannot make agree with it. Each model of ours has its own.
    _created_text = None

    def write(self, vals):
        # Odoo reads what it follows before the right is checked: the error would tell
        # who has none whether the record exists.
        self.browse().check_access("write")
        return super().write(vals)

    def _creation_message(self):
        if self._created_text is None:
            return super()._creation_message()
        # Data files are loaded in no language: whoever loads them has one.
        lang = self.env.lang or self.env.user.lang
        return self.with_context(lang=lang).env._(self._created_text)
