from odoo import models

from ..rules import PBO


class Pbo(models.Model):
    """Rules of the form of the reference, which changes by an action once known."""

    _name = "oiconnect.pbo"
    _inherit = ["oiconnect.known.key", "oiconnect.checked", "oiconnect.pbo"]
    _rule_target = PBO
