from odoo import api, fields, models
from odoo.exceptions import UserError

MIXIN = "oiconnect.operator.message.mixin"
# A mail tells their names only: the space sends them.
MAX_FILES = 10
MAX_BYTES = 20 * 1024 * 1024


class OperatorMessage(models.TransientModel):
    """Message to people of the operator whose record it is about."""

    _name = "oiconnect.operator.message"
    _description = "Message to the operator"

    res_model = fields.Char("Model", required=True)
    res_id = fields.Integer("Record", required=True)
    operator_id = fields.Many2one("oiconnect.operator", compute="_compute_people")
    people_ids = fields.Many2many("res.partner", compute="_compute_people")
    partner_ids = fields.Many2many("res.partner", string="Recipients", required=True)
    subject = fields.Char(required=True)
    body = fields.Text("Message", required=True)
    attachment_ids = fields.Many2many("ir.attachment", string="Files")

    @api.depends("res_model", "res_id")
    def _compute_people(self):
        for dialog in self:
            record = dialog._record()
            dialog.operator_id = record.sudo().operator_id
            dialog.people_ids = record._operator_people()

    def _record(self):
        """Return the record, which the user may write.

        :raises UserError: it is of no operator
        """
        model = self.res_model
        if model not in self.env or not isinstance(
            self.env[model], self.env.registry[MIXIN]
        ):
            raise UserError(self.env._("This is a record of no operator."))
        record = self.env[model].browse(self.res_id)
        record._check_may_write_to_operator()
        return record

    def action_send(self):
        self.ensure_one()
        self._check_files()
        self._record()._write_to_operator(
            self.subject, self.body, self.partner_ids, self.attachment_ids
        )
        return {"type": "ir.actions.act_window_close"}

    def _check_files(self):
        """Files are those that the user has chosen here: no record has them."""
        files = self.attachment_ids.sudo()
        if len(files) > MAX_FILES or sum(files.mapped("file_size")) > MAX_BYTES:
            raise UserError(
                self.env._(
                    "Leave some files out. Limit of a message: %(count)s, %(size)s MB.",
                    count=MAX_FILES,
                    size=MAX_BYTES // 1024**2,
                )
            )
        for file in files:
            is_new = file.res_model == self._name and not file.res_field
            if not is_new or file.create_uid != self.env.user or file.type != "binary":
                raise UserError(
                    self.env._("%s belongs to something else: load it here.", file.name)
                )
