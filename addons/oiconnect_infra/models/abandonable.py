from odoo import api, models


class Abandonable(models.AbstractModel):
    """Object that may be abandoned: whoever does it is told what follows."""

    _name = "oiconnect.abandonable"
    _description = "Object that may be abandoned"

    @api.onchange("state")
    def _onchange_state_abandoned(self):
        if self.state != "abandoned" or self._origin.state == "abandoned":
            return None
        return {
            "warning": {
                "title": self.env._("Abandon %s?", self.display_name),
                "message": self.env._(
                    "Operators are told that it is abandoned: it takes no order any "
                    "more, and leaves the published files after three months. "
                    "Discard the change if this is not what you want."
                ),
            }
        }
