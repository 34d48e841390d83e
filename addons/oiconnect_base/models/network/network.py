from stdnum.fr import siren as siren_number

from odoo import api, fields, models, tools
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools.translate import LazyTranslate

from ...deleted_records import display_name_of_deleted
from ...resource import Resource, everything
from ..guarded import EVERY_FIELD

_lt = LazyTranslate(__name__)
# In the context of what the web client asks for while it shows the sandbox
SANDBOX = "oiconnect_sandbox"


class Network(models.Model):
    """Network of an infrastructure operator (domaine)."""

    _name = "oiconnect.network"
    _description = "Network"
    _resource = Resource(
        "networks",
        "name",
        network="id",
        operator_fields=("name", "code", "oi_code", "siren", "pto_prefix"),
        operator_domain=everything,
    )
    _created_text = _lt("Network created")
    _inherit = [
        "oiconnect.cached.mixin",
        "oiconnect.chatter",
        "oiconnect.small.table.mixin",
    ]
    _order = "name"
    _rec_names_search = ["name", "oi_code", "code"]
    _creation_fields = ("is_sandbox",)
    _free_fields = EVERY_FIELD

    name = fields.Char(required=True)
    code = fields.Char(
        "File prefix",
        required=True,
        default="OICONNECT_01",
        help="First part of the names of the files published for this network",
    )
    oi_code = fields.Char("OI code", size=4, required=True)
    siren = fields.Char("SIREN", size=9)
    pto_prefix = fields.Char(
        "PTO prefix",
        size=2,
        required=True,
        help="First two characters of the references of the network's sockets",
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    active = fields.Boolean(default=True)
    # From its creation on: what was sold for real is never taken for a try.
    is_sandbox = fields.Boolean(
        "Sandbox network",
        help="Operators try their systems on it: it is neither invoiced nor published",
    )

    _oi_code_uniq = models.UniqueIndex(
        "(oi_code, code)", "A network with this OI code and file prefix exists."
    )
    _oi_code_form = models.Constraint(
        "CHECK (oi_code ~ '^[A-Z0-9]{4}$')",
        "The OI code is 4 capital letters or digits.",
    )
    _pto_prefix_form = models.Constraint(
        "CHECK (pto_prefix ~ '^[A-Z0-9]{2}$')",
        "The PTO prefix is 2 capital letters or digits.",
    )
    _code_form = models.Constraint(
        "CHECK (code ~ '^[A-Z0-9_-]+$')",
        "The file prefix is made of capital letters, digits, “-” and “_”.",
    )

    @display_name_of_deleted
    def _compute_display_name(self):
        return super()._compute_display_name()

    @api.constrains("siren")
    def _check_siren(self):
        for network in self:
            if network.siren and not siren_number.is_valid(network.siren):
                raise ValidationError(
                    self.env._(
                        "SIREN %s is not valid: check its digits.", network.siren
                    )
                )

    @api.model
    @api.private
    def _default_network(self):
        """Return the network of the user's companies; none where they have several.

        What people create says which one it is of, by its line or place, or by them.

        :raises UserError: there is none at all
        """
        companies = Domain("company_id", "in", self.env.companies.ids)
        networks = self.search(companies & self._shown_by_screen(), limit=2)
        if not networks:
            raise UserError(
                self.env._(
                    "Company %s has no network: create one in Configuration / "
                    "Networks.",
                    self.env.company.name,
                )
            )
        return networks if len(networks) == 1 else networks.browse()

    @api.model
    @api.private
    def _shown_by_screen(self):
        """Return the domain of the real networks; of sandboxes while these are shown.

        A screen shows the ones or the others, never both.
        """
        return Domain("is_sandbox", "=", bool(self.env.context.get(SANDBOX)))

    @api.model
    @api.private
    def _domain_of_choice(self, domain):
        """Offer the networks of the screen, unless others are asked for."""
        domain = Domain(domain)
        asks = any(one.field_expr == "is_sandbox" for one in domain.iter_conditions())
        return domain if asks else domain & self._shown_by_screen()

    @api.model
    @api.private
    def _domain_of_screen(self, model, domain):
        """Narrow the domain of a list to what belongs to the networks of the screen.

        What is asked for by name, or as part of one record, is found nonetheless.
        """
        field = model._fields.get("network_id")
        is_of_one = field and field.comodel_name == self._name
        if not is_of_one or not field._description_searchable:
            return domain
        if getattr(model, "_on_sandboxes_only", False):
            return domain
        sandboxes = self._sandbox_ids()
        if not sandboxes or self._names_one(model, Domain(domain)):
            return domain
        operator = "in" if self.env.context.get(SANDBOX) else "not in"
        return Domain(domain) & Domain("network_id", operator, sandboxes)

    @api.model
    @tools.ormcache()
    def _sandbox_ids(self):
        networks = self.sudo().with_context(active_test=False)
        return tuple(networks.search([("is_sandbox", "=", True)]).ids)

    @api.model
    def _names_one(self, model, domain):
        """Tell whether a domain names a network, or a record that belongs to one."""
        return any(
            condition.value and self._is_of_network(model, condition)
            for condition in domain.iter_conditions()
        )

    @api.model
    def _is_of_network(self, model, condition):
        name, __, path = condition.field_expr.partition(".")
        if name in ("id", "network_id"):
            return condition.operator not in ("!=", "not in")
        field = model._fields.get(name)
        if path or condition.operator not in ("=", "in") or not field.relational:
            return False
        return "network_id" in self.env[field.comodel_name]._fields
