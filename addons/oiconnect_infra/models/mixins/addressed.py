import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

#: regular expressions of the parts of an address, whatever the path they come by
FORMS = {
    "insee_code": r"[0-9][0-9AB][0-9]{3}",
    "postal_code": r"[0-9]{5}",
    "rivoli_code": r"[0-9A-Z]{4}",
    "street_number": r"[0-9]+",
    "street_number_suffix": r"[A-Z]",
}


class Addressed(models.AbstractModel):
    """Address columns of the protocol, and the address on one line."""

    _name = "oiconnect.addressed"
    _description = "Object with an address"

    rivoli_code = fields.Char("Rivoli code", size=4)
    commune_id = fields.Many2one(
        "oiconnect.commune",
        compute="_compute_commune_id",
        inverse="_inverse_commune_id",
        store=True,
        precompute=True,
        readonly=False,
        ondelete="restrict",
        index="btree_not_null",
    )
    insee_code = fields.Char("INSEE code", size=5)
    postal_code = fields.Char(size=5)
    city = fields.Char(size=60)
    address_code = fields.Char(
        "Address code", size=10, help="Hexaclé of the address (number in the street)"
    )
    street_type = fields.Char(size=30)
    street_name = fields.Char("Street", size=120)
    street_number = fields.Char(
        size=10, help="0: no number in this street. Empty: unknown."
    )
    street_number_suffix = fields.Char("Number suffix", size=1)
    building_name = fields.Char("Building", size=60)
    address = fields.Char(compute="_compute_address", store=True, precompute=True)

    @api.constrains(*FORMS)
    def _check_address_forms(self):
        for name, form in FORMS.items():
            for record in self:
                if record[name] and not re.fullmatch(form, record[name]):
                    raise ValidationError(
                        self.env._(
                            "%(field)s “%(value)s” of %(record)s is not valid: "
                            "check it.",
                            field=self._fields[name]._description_string(self.env),
                            value=record[name],
                            record=record.display_name,
                        )
                    )

    @api.depends("insee_code")
    def _compute_commune_id(self):
        codes = [code for code in self.mapped("insee_code") if code]
        communes = self.env["oiconnect.commune"].sudo()._by_insee(codes)
        for record in self:
            record.commune_id = communes.get(record.insee_code)

    @api.onchange("commune_id")
    def _inverse_commune_id(self):
        """Copy the codes of the chosen communes to the columns of the protocol."""
        for record in self:
            commune = record.commune_id
            if commune and record.insee_code != commune.insee_code:
                record.insee_code = commune.insee_code
                record.city = commune.name.upper()
                record.postal_code = (commune.postal_codes or "").split(" ")[0]

    @api.depends(
        "street_number",
        "street_number_suffix",
        "street_type",
        "street_name",
        "building_name",
        "postal_code",
        "city",
    )
    def _compute_address(self):
        for record in self:
            number = record.street_number if record.street_number != "0" else None
            street = _join(
                " ",
                number and number + (record.street_number_suffix or ""),
                record.street_type,
                record.street_name,
            )
            town = _join(" ", record.postal_code, record.city)
            record.address = _join(", ", street, record.building_name, town)

    @api.model
    @api.private
    def _address_sql(self, alias):
        """Return the SQL of the one-line address, for loaders of many rows."""
        return SQL(
            """NULLIF(concat_ws(', ',
                NULLIF(concat_ws(' ',
                    NULLIF(%(t)s.street_number, '0')
                        || COALESCE(%(t)s.street_number_suffix, ''),
                    %(t)s.street_type, %(t)s.street_name), ''),
                %(t)s.building_name,
                NULLIF(concat_ws(' ', %(t)s.postal_code, %(t)s.city), '')), '')""",
            t=SQL.identifier(alias),
        )


def _join(separator, *parts):
    return separator.join(part for part in parts if part) or False
