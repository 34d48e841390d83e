from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.oiconnect_base.models.guarded import EVERY_FIELD
from odoo.addons.oiconnect_infra.models.rules.rule import SEVERITIES


class PublicationIssue(models.Model):
    """A rule that lines of a file broke: it stopped the file, or warns the staff."""

    _name = "oiconnect.publication.issue"
    _description = "Report of a publication"
    _order = "publication_id desc, severity, count desc, id"
    _rec_name = "title"
    _log_access = False
    _event_fields = EVERY_FIELD

    publication_id = fields.Many2one(
        "oiconnect.publication",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="publication_id.company_id", store=True)
    rule_id = fields.Many2one(
        "oiconnect.rule", "Quality rule", readonly=True, ondelete="set null"
    )
    code = fields.Char("Rule", readonly=True)
    title = fields.Char("What is wrong", required=True, readonly=True)
    severity = fields.Selection(SEVERITIES, required=True, readonly=True)
    count = fields.Integer("Records", readonly=True)
    examples = fields.Text("Such as", readonly=True)

    def action_view_records(self):
        """Open the records that break the rule now."""
        self.ensure_one()
        if not self.rule_id:
            raise UserError(
                self.env._("Rule %s is no longer looked at.", self.code or self.title)
            )
        return self.rule_id.action_view_records()
