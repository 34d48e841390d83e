from odoo import fields, models
from odoo.exceptions import UserError


class PublicationSend(models.TransientModel):
    """Send a file to one operator, whose name is typed: it cannot be taken back."""

    _name = "oiconnect.publication.send"
    _description = "Send a publication again"

    publication_id = fields.Many2one(
        "oiconnect.publication", required=True, readonly=True, ondelete="cascade"
    )
    file_name = fields.Char(related="publication_id.name")
    operator_name = fields.Char("Name of the operator", required=True)
    confirmed = fields.Boolean("I confirm the sending")

    def action_send(self):
        self.ensure_one()
        publication = self.publication_id
        publication._check_may_publish()
        publication._check_sendable()
        operator = self._operator()
        problems = self._problems(operator)
        if problems:
            raise UserError("\n".join(problems))
        publication.sudo()._send_to(operator)
        return publication._notice_sent(operator)

    def _operator(self):
        """Return the operator of that very name, none when several have it."""
        name = (self.operator_name or "").strip()
        found = self.env["oiconnect.operator"].search([("name", "=", name)])
        return found if len(found) == 1 else found.browse()

    def _problems(self, operator):
        """Return all that is wrong with the confirmation."""
        problems = []
        if not operator:
            problems.append(
                self.env._(
                    "No operator is called “%s”: type its name exactly as in the list "
                    "of operators.",
                    self.operator_name or "",
                )
            )
        if not self.confirmed:
            problems.append(self.env._("Tick the box to confirm the sending."))
        return problems
