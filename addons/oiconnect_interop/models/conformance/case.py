from odoo import fields, models
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

CHANNELS = [("file", "Files")]
OUTCOMES = [
    ("accepted", "Accepted"),
    ("refused", "Refused"),
    ("file_refused", "File refused as a whole"),
    ("answered", "Answered"),
]


class ConformanceCase(models.Model):
    """One thing that an operator has to show before it goes live.

    Cases come with the product (``oiconnect.conformance.case.csv``); one that is
    archived is in no run that starts later.
    """

    _name = "oiconnect.conformance.case"
    _description = "Case of conformance"
    _inherit = "oiconnect.chatter"
    _created_text = _lt("Case of conformance created")
    _order = "sequence, id"
    _free_fields = ("active",)
    # Fields that a step of a run copies from its case at its start
    _step_fields = (
        "sequence code name channel target needs asked outcome code_expected "
        "answer subject times"
    ).split()
    _event_fields = _step_fields

    sequence = fields.Integer(readonly=True)
    code = fields.Char("Number", required=True, readonly=True)
    name = fields.Char("Case", required=True, readonly=True, translate=True)
    active = fields.Boolean(default=True)
    channel = fields.Selection(CHANNELS, "By", required=True, readonly=True)
    target = fields.Char(
        "Flow or operation",
        required=True,
        readonly=True,
        help="A flow, an operation of the web service of tickets, or a method and path",
    )
    needs = fields.Char("Parameter that the call has", readonly=True)
    asked = fields.Text("What to do", required=True, readonly=True, translate=True)
    outcome = fields.Selection(OUTCOMES, "Expected", required=True, readonly=True)
    code_expected = fields.Char(
        "Expected codes", readonly=True, help="One of them; empty: any"
    )
    answer = fields.Char("Flow that answers", readonly=True)
    subject = fields.Char(
        "Builds on", readonly=True, help="Number of the case whose reference it names"
    )
    times = fields.Integer("Number of calls", default=1, readonly=True)

    _code_uniq = models.UniqueIndex("(code)", "A case with this number exists.")
