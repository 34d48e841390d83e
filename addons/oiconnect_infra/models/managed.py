from stdnum.fr import siret as siret_number

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .manager import COLUMNS


class Managed(models.AbstractModel):
    """Manager (syndic) of a building: columns of the protocol, and its record.

    Who gives the manager gives the columns; who gives columns gives the manager.
    """

    _name = "oiconnect.managed"
    _description = "Building with a manager"

    manager_agreement_required = fields.Boolean(
        "Agreement required",
        help="The manager must agree before the address can be connected",
    )
    agreement_date = fields.Date("Agreement signed on")
    manager_id = fields.Many2one(
        "oiconnect.manager", ondelete="restrict", index="btree_not_null"
    )
    manager_name = fields.Char("Manager's name", size=120)
    manager_postal_code = fields.Char("Manager's postal code", size=5)
    manager_city = fields.Char("Manager's city", size=60)
    manager_street_type = fields.Char("Manager's street type", size=30)
    manager_street_name = fields.Char("Manager's street", size=120)
    manager_street_number = fields.Char("Manager's street number", size=10)
    manager_street_number_suffix = fields.Char("Manager's number suffix", size=1)
    manager_address_code = fields.Char("Manager's address code", size=10)
    manager_siret = fields.Char("Manager's SIRET", size=14)

    manager_address = fields.Char(
        "Manager's address", compute="_compute_manager_address"
    )

    @api.depends(*(column for column in COLUMNS if "siret" not in column))
    def _compute_manager_address(self):
        for record in self:
            number = (record.manager_street_number or "") + (
                record.manager_street_number_suffix or ""
            )
            parts = (
                number != "0" and number,
                record.manager_street_type,
                record.manager_street_name,
                record.manager_postal_code,
                record.manager_city,
            )
            record.manager_address = " ".join(part for part in parts if part)

    @api.onchange("manager_id")
    def _onchange_manager_id(self):
        self.update(self.manager_id._columns())

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

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create([self._with_manager(vals) for vals in vals_list])
        records.filtered(lambda r: r.manager_name and not r.manager_id)._link_manager()
        return records

    def write(self, vals):
        result = super().write(self._with_manager(vals))
        if "manager_id" not in vals and not vals.keys().isdisjoint(COLUMNS):
            self._link_manager()
        return result

    @api.model
    def _with_manager(self, vals):
        """Return ``vals`` with the columns of the manager that they give."""
        if "manager_id" not in vals:
            return vals
        manager = self.env["oiconnect.manager"].browse(vals["manager_id"])
        return manager._columns() | vals

    def _link_manager(self):
        if self:
            self.env["oiconnect.manager"]._link(self)
