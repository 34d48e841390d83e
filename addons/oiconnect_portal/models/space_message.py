from odoo import api, models
from odoo.exceptions import MissingError

MIXIN = "oiconnect.operator.message.mixin"


class Space(models.AbstractModel):
    """What we wrote to the operator about its records, and the files of it."""

    _inherit = "oiconnect.portal.space"

    @api.model
    def _messages(self, record):
        """Return the messages to the operator on a record that the user found."""
        if isinstance(record, self.env.registry[MIXIN]):
            return record.sudo()._operator_messages()
        return self.env["mail.message"].sudo()

    @api.model
    def _message_file(self, record, file_id):
        """Return a file of one of them.

        :raises MissingError: none of them has it
        """
        files = self._messages(record).attachment_ids
        found = files.filtered(lambda file: file.id == file_id)
        if not found:
            raise MissingError(self.env._("There is nothing at this address."))
        return found
