from odoo import fields, models

from ..personal import CUSTOMER_GROUPS


class WorkflowStep(models.Model):
    """Notes are what operators report and what staff write: they may name anybody."""

    _inherit = "oiconnect.workflow.step"

    note = fields.Char(groups=CUSTOMER_GROUPS)
