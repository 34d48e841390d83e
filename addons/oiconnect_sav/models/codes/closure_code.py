from odoo import api, fields, models, tools
from odoo.exceptions import UserError

from odoo.addons.oiconnect_base.models.guarded import EVERY_FIELD

from .ticket_code import CONFIDENCES

USAGES = [
    ("refusal", "Not taken in charge"),
    ("resolution", "Resolution"),
    ("absence", "Customer absent"),
    ("expertise", "Joint expertise"),
    ("unanswered", "Question without answer"),
    ("cancellation", "Cancellation"),
    ("ended", "Line terminated"),
    ("incident", "Collective incident or works"),
]
RESPONSIBILITIES = [
    ("oi", "Infrastructure operator"),
    ("oc", "Commercial operator"),
    ("third", "Third party"),
]
# Codes whose text names the state that they close from.
CANCELLED_IN_QUEUE = "ERR07"
CANCELLED_AT_WORK = "STT02"
LINE_ENDED = "ERR08"
IMPLIED = (CANCELLED_IN_QUEUE, CANCELLED_AT_WORK, LINE_ENDED)


class ClosureCode(models.Model):
    """Why a ticket ends: code list of the protocol (Interop'Fibre SAV 3.0 §4).

    The label travels as it is written here, to the letter.
    """

    _name = "oiconnect.ticket.closure.code"
    _description = "Closure code"
    _inherit = ["oiconnect.cached.mixin", "oiconnect.small.table.mixin"]
    _order = "code"
    _rec_names_search = ["code", "label"]
    _free_fields = EVERY_FIELD

    code = fields.Char(size=5, required=True)
    label = fields.Char(
        "Label on the wire",
        required=True,
        help="Code, “#” and text, exactly as the protocol has them",
    )
    usage = fields.Selection(USAGES, required=True)
    responsibility = fields.Selection(
        RESPONSIBILITIES,
        "Proposed responsibility",
        help="Proposed to who closes a ticket with this code",
    )
    wrongly_sent = fields.Boolean(
        help="The ticket should not have been sent to us: it may be billed"
    )
    needs_location = fields.Boolean(
        "Localisation needed", help="The localisation of the defect has to be told"
    )
    needs_comment = fields.Boolean(
        "Comment needed", help="The operator has to read what the code does not say"
    )
    confidence = fields.Selection(
        CONFIDENCES,
        "Confidence of the use",
        default="proposed",
        required=True,
        help="Code and label are published; where and for whom a code is used is not",
    )
    active = fields.Boolean(default=True)

    _code_uniq = models.UniqueIndex("(code)", "A closure code with this code exists.")
    _code_form = models.Constraint(
        "CHECK (code ~ '^[A-Z]{3}[0-9]{2}$')",
        "A closure code is 3 letters and 2 digits, e.g. RET01.",
    )
    _label_begins_with_code = models.Constraint(
        "CHECK (starts_with(label, code || '#'))",
        "The label on the wire begins with the code and “#”.",
    )

    @api.depends("label")
    def _compute_display_name(self):
        for closure in self:
            closure.display_name = (closure.label or "").replace("#", " ", 1)

    def write(self, vals):
        if "code" in vals:
            others = self.filtered(lambda closure: closure.code != vals["code"])
            others._refuse_implied()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_implied(self):
        self._refuse_implied()

    def _refuse_implied(self):
        """Refuse to take away a code without which lines cannot be terminated."""
        implied = self.filtered(lambda closure: closure.code in IMPLIED)
        if implied:
            raise UserError(
                self.env._(
                    "%s is told when a ticket is cancelled or its line ends: it keeps "
                    "its code and is not deleted.",
                    ", ".join(implied.mapped("code")),
                )
            )

    @api.model
    @tools.ormcache("code")
    def _id_of(self, code):
        """Return the id of the closure code ``code``, or False."""
        return self.with_context(active_test=False).search([("code", "=", code)]).id

    @api.model
    @api.private
    def _of(self, code):
        """Return the closure code ``code``, empty when the list does not have it."""
        return self.browse(self._id_of(code) or ())
