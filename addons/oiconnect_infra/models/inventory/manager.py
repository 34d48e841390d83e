from stdnum.fr import siret as siret_number

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from ..mixins.neighbours import neighbour_count

_lt = LazyTranslate(__name__)

# Columns of a building, as the protocol has them: fields of its manager
COLUMNS = {
    "manager_name": "name",
    "manager_postal_code": "postal_code",
    "manager_city": "city",
    "manager_street_type": "street_type",
    "manager_street_name": "street_name",
    "manager_street_number": "street_number",
    "manager_street_number_suffix": "street_number_suffix",
    "manager_address_code": "address_code",
    "manager_siret": "siret",
}


class Manager(models.Model):
    """Manager (syndic) of buildings.

    Files name it on each building: by its SIRET, else by its name and postal code.
    Buildings keep what the file said; a change of the manager goes to all of its.
    """

    _name = "oiconnect.manager"
    _description = "Building manager"
    _created_text = _lt("Building manager created")
    _inherit = ["oiconnect.infra.mixin", "oiconnect.addressed", "mail.thread"]
    _order = "name, id"
    _rec_names_search = ["name", "siret"]
    _used_by_fields = ("building_ids",)
    _tracked_fields = (
        *COLUMNS.values(),
        "rivoli_code",
        "insee_code",
        "building_name",
        "phone",
        "email",
        "contacts",
        "comment",
    )

    name = fields.Char(size=120, required=True, index="trigram")
    siret = fields.Char("SIRET", size=14)
    phone = fields.Char(size=40)
    email = fields.Char(size=120)
    contacts = fields.Text(help="Whom to call, and when")
    comment = fields.Text()
    building_ids = fields.One2many("oiconnect.building", "manager_id", "Buildings")
    building_count = neighbour_count("Number of buildings")

    # Manager of a building: (key) = x and network_id = y
    _key_uniq = models.UniqueIndex(
        "(COALESCE(siret, lower(name) || '|' || COALESCE(postal_code, '')),"
        " network_id)",
        "A manager with this SIRET, or this name and postal code, exists on the "
        "network.",
    )

    @api.constrains("siret")
    def _check_siret(self):
        for manager in self:
            if manager.siret and not siret_number.is_valid(manager.siret):
                raise ValidationError(
                    self.env._(
                        "SIRET %(siret)s of %(manager)s is not valid: check its "
                        "digits.",
                        siret=manager.siret,
                        manager=manager.name,
                    )
                )

    def write(self, vals):
        result = super().write(vals)
        if not vals.keys().isdisjoint(COLUMNS.values()):
            for manager in self:
                manager.building_ids.write({"manager_id": manager.id})
        return result

    def _columns(self):
        """Return the columns of a building that has this manager, or none."""
        return {column: self[name] for column, name in COLUMNS.items()}

    @api.model
    @api.private
    def _key_sql(self, siret, name, postal_code):
        """Return the SQL of what a manager is known by on its network."""
        return SQL(
            "COALESCE(%s, lower(%s) || '|' || COALESCE(%s, ''))",
            siret,
            name,
            postal_code,
        )

    @api.model
    @api.private
    def _key_of(self, alias, prefix=""):
        """Return the key of the columns of a table, named ``prefix`` + ours."""
        names = ("siret", "name", "postal_code")
        return self._key_sql(*(SQL.identifier(alias, prefix + n) for n in names))

    @api.model
    @api.private
    def _link(self, buildings):
        """Link ``buildings`` to the managers that their columns name.

        Managers that do not exist yet are made of the first building that names them.
        """
        buildings.flush_recordset()
        self.flush_model()
        self.create(self._missing(buildings))
        self.flush_model()
        self.env.cr.execute(
            SQL(
                """
                UPDATE oiconnect_building building SET manager_id = found.manager_id
                  FROM (SELECT b.id, m.id AS manager_id
                          FROM oiconnect_building b
                          LEFT JOIN oiconnect_manager m
                               ON m.network_id = b.network_id AND %s = %s
                         WHERE b.id = ANY(%s)) found
                 WHERE found.id = building.id
                       AND building.manager_id IS DISTINCT FROM found.manager_id
                """,
                self._key_of("m"),
                self._key_of("b", "manager_"),
                buildings.ids,
            )
        )
        buildings.invalidate_recordset(["manager_id"], flush=False)
        self.invalidate_model(["building_ids", "building_count"], flush=False)

    def _missing(self, buildings):
        self.env.cr.execute(
            SQL(
                """
                SELECT DISTINCT ON (b.network_id, %(key)s) b.network_id, %(columns)s
                  FROM oiconnect_building b
                  LEFT JOIN oiconnect_manager m
                       ON m.network_id = b.network_id AND %(own_key)s = %(key)s
                 WHERE b.id = ANY(%(ids)s) AND b.manager_name IS NOT NULL
                       AND m.id IS NULL
                 ORDER BY b.network_id, %(key)s, b.id
                """,
                key=self._key_of("b", "manager_"),
                own_key=self._key_of("m"),
                columns=SQL(", ").join(
                    SQL("%s AS %s", SQL.identifier("b", column), SQL.identifier(name))
                    for column, name in COLUMNS.items()
                ),
                ids=buildings.ids,
            )
        )
        return self.env.cr.dictfetchall()


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
