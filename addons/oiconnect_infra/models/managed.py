from stdnum.fr import siret as siret_number

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class Managed(models.AbstractModel):
    """Manager (syndic) of a building: columns of the protocol."""

    _name = "oiconnect.managed"
    _description = "Building with a manager"

    manager_agreement_required = fields.Boolean(
        "Agreement required",
        help="The manager must agree before the address can be connected",
    )
    agreement_date = fields.Date("Agreement signed on")
    manager_name = fields.Char("Manager", size=120)
    manager_postal_code = fields.Char("Manager's postal code", size=5)
    manager_city = fields.Char("Manager's city", size=60)
    manager_street_type = fields.Char("Manager's street type", size=30)
    manager_street_name = fields.Char("Manager's street", size=120)
    manager_street_number = fields.Char("Manager's street number", size=10)
    manager_street_number_suffix = fields.Char("Manager's number suffix", size=1)
    manager_address_code = fields.Char("Manager's address code", size=10)
    manager_siret = fields.Char("Manager's SIRET", size=14)

    @api.constrains("manager_siret")
    def _check_manager_siret(self):
        for record in self:
            if record.manager_siret and not siret_number.is_valid(record.manager_siret):
                raise ValidationError(
                    self.env._(
                        "SIRET %(siret)s of the manager of %(record)s is not valid: "
                        "check its digits.",
                        siret=record.manager_siret,
                        record=record.display_name,
                    )
                )
