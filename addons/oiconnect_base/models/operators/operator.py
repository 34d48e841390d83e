from stdnum.fr import siren as siren_number

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools.translate import LazyTranslate

from ...deleted_records import display_name_of_deleted
from ...resource import Resource
from ..guarded import EVERY_FIELD

_lt = LazyTranslate(__name__)


class Operator(models.Model):
    """Commercial operator (OC) that buys access to the network."""

    _name = "oiconnect.operator"
    _description = "Operator"
    _resource = Resource(
        "operators",
        "interop_code",
        more=("name",),
        sorts=("interop_code",),
        network=None,
        operator_fields=(
            "name",
            "interop_code",
            "arcep_code",
            "arcep_prefix",
            "siren",
        ),
        operator_domain=lambda operator_id: Domain("id", "=", operator_id),
    )
    _created_text = _lt("Operator created")
    _inherits = {"res.partner": "partner_id"}
    _inherit = ["oiconnect.chatter", "oiconnect.small.table.mixin"]
    _order = "interop_code"
    _rec_names_search = ["interop_code", "arcep_code", "partner_id.name"]
    _creation_fields = ("partner_id",)
    _free_fields = EVERY_FIELD
    _followed_fields = (
        "name phone email website street street2 zip city country_id vat "
        "company_registry"
    ).split()

    partner_id = fields.Many2one(
        "res.partner", required=True, ondelete="restrict", index=True
    )
    active = fields.Boolean(default=True, tracking=True)
    interop_code = fields.Char(
        "Interop'Fibre code", size=4, required=True, tracking=True
    )
    arcep_code = fields.Char("ARCEP code", size=4, required=True, tracking=True)
    arcep_prefix = fields.Char("ARCEP prefix", size=2, tracking=True)
    siren = fields.Char(
        "SIREN", size=9, tracking=True, help="Needed for the exchange of tickets"
    )
    customer_id = fields.Many2one(
        "res.partner",
        "Invoiced customer",
        help="Leave empty when the operator itself is invoiced",
    )
    contact_ids = fields.One2many(
        "oiconnect.operator.contact", "operator_id", "Interop'Fibre contacts"
    )
    contact_count = fields.Integer(compute="_compute_contact_count")
    open_miss_count = fields.Integer(
        "Missed delays still awaited", compute="_compute_open_miss_count"
    )

    _interop_code_uniq = models.UniqueIndex(
        "(interop_code)", "An operator with this Interop'Fibre code exists."
    )
    _interop_code_form = models.Constraint(
        "CHECK (interop_code ~ '^[A-Z0-9]{4}$')",
        "The Interop'Fibre code is 4 capital letters or digits.",
    )
    _arcep_code_form = models.Constraint(
        "CHECK (arcep_code ~ '^[A-Z0-9]{4}$')",
        "The ARCEP code is 4 capital letters or digits.",
    )
    _arcep_prefix_form = models.Constraint(
        "CHECK (arcep_prefix ~ '^[A-Z0-9]{2}$')",
        "The ARCEP prefix is 2 capital letters or digits.",
    )
    _partner_uniq = models.UniqueIndex(
        "(partner_id)", "This partner is already an operator."
    )

    @api.constrains("siren")
    def _check_siren(self):
        for operator in self:
            if operator.siren and not siren_number.is_valid(operator.siren):
                raise ValidationError(
                    self.env._(
                        "SIREN %s is not valid: check its digits.", operator.siren
                    )
                )

    @api.depends("interop_code", "partner_id.name")
    @display_name_of_deleted
    def _compute_display_name(self):
        for operator in self:
            names = (operator.interop_code, operator.name)
            operator.display_name = " ".join(filter(None, names))

    @api.depends("contact_ids")
    def _compute_contact_count(self):
        counts = dict(
            self.env["oiconnect.operator.contact"]._read_group(
                [("operator_id", "in", self.ids)], ["operator_id"], ["__count"]
            )
        )
        for operator in self:
            operator.contact_count = counts.get(operator, 0)

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_open_miss_count(self):
        """Count what is still awaited; nothing of what the user may not read."""
        misses, counts = self.env["oiconnect.delay.miss"], {}
        if misses.has_access("read"):
            domain = [
                ("operator_id", "in", self._origin.ids),
                ("done_date", "=", False),
            ]
            counts = dict(misses._read_group(domain, ["operator_id"], ["__count"]))
        for operator in self:
            operator.open_miss_count = counts.get(operator._origin, 0)

    @api.model_create_multi
    def create(self, vals_list):
        return super().create(
            [{"is_company": True, **self._upper_codes(vals)} for vals in vals_list]
        )

    def write(self, vals):
        return super().write(self._upper_codes(vals))

    @api.model
    def _upper_codes(self, vals):
        """Codes are capital letters: a user may type them as he likes."""
        codes = {"interop_code", "arcep_code", "arcep_prefix"} & vals.keys()
        return vals | {
            code: (vals[code] or "").strip().upper() or False for code in codes
        }

    def _billing_partner(self):
        """Return the partner whom invoices of this operator go to."""
        self.ensure_one()
        return self.customer_id or self.partner_id

    def action_view_contacts(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "oiconnect.operator.contact",
            "view_mode": "list,form",
            "domain": [("operator_id", "=", self.id)],
            "context": {"default_operator_id": self.id},
            "name": self.env._("Contacts"),
        }

    def action_view_delay_misses(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "oiconnect_base.delay_miss_action"
        )
        # As counted: those that are still awaited; the others are one click away.
        return action | {
            "domain": [("operator_id", "=", self.id)],
            "context": {"search_default_open": 1},
        }
