from odoo import fields, models

from ...personal import CUSTOMER_GROUPS


class Event(models.Model):
    """Messages may repeat what an operator wrote of its customer."""

    _inherit = "oiconnect.event"

    payload = fields.Json(groups=CUSTOMER_GROUPS)
    # What is wrong with a message may quote it.
    error = fields.Char(groups=CUSTOMER_GROUPS)


class WorkflowStep(models.Model):
    """Notes are what operators report and what staff write: they may name anybody."""

    _inherit = "oiconnect.workflow.step"

    note = fields.Char(groups=CUSTOMER_GROUPS)
