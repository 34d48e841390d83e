from odoo import models

from ..rules import PTO


class Pto(models.Model):
    """Rules of the form of the reference, which changes by an action once known."""

    _name = "oiconnect.pto"
    _inherit = ["oiconnect.known.key", "oiconnect.checked", "oiconnect.pto"]
    _rule_target = PTO
    _known_states = ("existing", "out_of_service")
