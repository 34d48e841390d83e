"""Conformance has cases that operators show by web service."""

from odoo import fields, models

CHANNEL = [("soap", "Web services")]


class ConformanceCase(models.Model):
    _inherit = "oiconnect.conformance.case"

    channel = fields.Selection(selection_add=CHANNEL, ondelete={"soap": "cascade"})


class ConformanceRun(models.Model):
    _inherit = "oiconnect.conformance.run"

    scope = fields.Selection(selection_add=CHANNEL, ondelete={"soap": "cascade"})


class ConformanceStep(models.Model):
    _inherit = "oiconnect.conformance.step"

    channel = fields.Selection(selection_add=CHANNEL, ondelete={"soap": "cascade"})
