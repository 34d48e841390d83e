from odoo import models

from ...personal import CUSTOMER_GROUPS


class Event(models.Model):
    """An answer about an unknown order repeats what named it."""

    _inherit = "oiconnect.event"

    _stray_words_groups = CUSTOMER_GROUPS
