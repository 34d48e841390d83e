from odoo import models


class MailThread(models.AbstractModel):
    """Tells in a whole sentence that a record was made."""

    _inherit = "mail.thread"

    #: "Publication created", with ``_lt``: Odoo puts the model's name before one word,
    #: which French cannot make agree with it. Each model of ours has its own.
    _created_text = None

    def _creation_message(self):
        if self._created_text is None:
            return super()._creation_message()
        # Data files are loaded in no language: whoever loads them has one.
        lang = self.env.lang or self.env.user.lang
        return self.with_context(lang=lang).env._(self._created_text)
