from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.translate import LazyTranslate

from ...resource import Resource, everything
from ..guarded import EVERY_FIELD

_lt = LazyTranslate(__name__)


class Commune(models.Model):
    """Commune of France, with its INSEE code and postal codes."""

    _name = "oiconnect.commune"
    _description = "Commune"
    _resource = Resource(
        "communes",
        "insee_code",
        sorts=("insee_code",),
        network=None,
        operator_fields=("name", "insee_code", "postal_codes", "department", "region"),
        operator_domain=everything,
    )
    _created_text = _lt("Commune created")
    _inherit = "oiconnect.chatter"
    _order = "name, insee_code"
    _rec_names_search = ["name", "insee_code", "postal_codes"]
    _free_fields = EVERY_FIELD

    name = fields.Char(required=True, index="trigram")
    insee_code = fields.Char("INSEE code", size=5, required=True)
    postal_codes = fields.Char(
        "Postal codes", help="Separated by spaces", index="trigram"
    )
    department = fields.Char(size=3, index=True)
    region = fields.Char(size=3)
    kind = fields.Selection(
        [
            ("commune", "Commune"),
            ("district", "Municipal district"),
            ("delegated", "Delegated commune"),
            ("associated", "Associated commune"),
            ("collectivity", "Overseas collectivity"),
        ],
        default="commune",
        required=True,
    )
    active = fields.Boolean(default=True)

    _insee_code_uniq = models.UniqueIndex(
        "(insee_code)", "A commune with this INSEE code exists."
    )
    _insee_code_form = models.Constraint(
        "CHECK (insee_code ~ '^[0-9][0-9AB][0-9]{3}$')",
        "The INSEE code is 5 digits (2A… and 2B… in Corsica).",
    )
    _postal_codes_form = models.Constraint(
        "CHECK (postal_codes ~ '^([0-9]{5}( [0-9]{5})*)?$')",
        "Postal codes are 5 digits each, separated by one space.",
    )

    @api.depends("name", "insee_code")
    def _compute_display_name(self):
        for commune in self:
            code = commune.insee_code and f"({commune.insee_code})"
            commune.display_name = " ".join(filter(None, (commune.name, code)))

    @api.model
    @api.private
    def _by_insee(self, codes):
        """Return ``{INSEE code: commune}`` for the codes that are known."""
        found = self.search(Domain("insee_code", "in", list(set(codes))))
        return {commune.insee_code: commune for commune in found}
