from odoo import api, fields, models, tools

from odoo.addons.oiconnect_base.models.guarded import EVERY_FIELD

FAMILIES = [
    ("FCLI", "Customer"),
    ("FADR", "Address"),
    ("FIMP", "Impossible order"),
    ("FRDV", "Appointment"),
    ("FINT", "Production"),
    ("FEXP", "Joint expertise"),
    ("FAUT", "Other"),
]


class Reason(models.Model):
    """Reason of a rejection or failure: code list of the protocol."""

    _name = "oiconnect.reason"
    _description = "Reason"
    _inherit = ["oiconnect.cached.mixin", "oiconnect.small.table.mixin"]
    _order = "code"
    _rec_names_search = ["code", "name"]
    _free_fields = EVERY_FIELD

    code = fields.Char(size=6, required=True)
    name = fields.Char("Meaning", required=True, translate=True)
    family = fields.Selection(FAMILIES, required=True, index=True)
    since = fields.Char("Since version", default="V1.2")
    for_receipt = fields.Boolean("In receipts (AR)")
    for_report = fields.Boolean("In order reports (CR)")
    for_connection = fields.Boolean("In connection reports")
    for_ending = fields.Boolean("In cancellation and termination reports")
    is_final = fields.Boolean(
        "Final", help="A connection that fails for this reason is not tried again"
    )
    expected_action = fields.Selection(
        [
            ("NOUVEAU_RDV", "New appointment"),
            ("INFO_CLIENT", "Customer's data"),
            ("AUCUNE", "None"),
        ],
        default="NOUVEAU_RDV",
        help="What the operator is asked to do when a connection by us fails",
    )
    active = fields.Boolean(default=True)

    person_decides = fields.Boolean(
        "A person decides",
        help="The study does not reject for this reason by itself: it proposes to, "
        "and somebody confirms or sets the control aside",
    )

    customer_absent = fields.Boolean(
        "Customer absent",
        help="A visit that fails for this reason was missed by the customer",
    )

    _code_uniq = models.UniqueIndex("(code)", "A reason with this code exists.")
    _code_form = models.Constraint(
        "CHECK (code ~ '^F[A-Z]{3}[0-9]{2}$')",
        "The code of a reason is F, 3 letters and 2 digits, e.g. FIMP15.",
    )

    @api.depends("code", "name")
    def _compute_display_name(self):
        for reason in self:
            reason.display_name = " ".join(filter(None, (reason.code, reason.name)))

    @api.model
    @tools.ormcache("code")
    def _id_of(self, code):
        """Return the id of the reason ``code``, or False."""
        return self.with_context(active_test=False).search([("code", "=", code)]).id

    @api.model
    @api.private
    def _of(self, code):
        """Return the reason ``code``, empty when the list does not have it."""
        return self.browse(self._id_of(code) or ())
