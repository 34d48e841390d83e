from odoo import fields, models

KINDS = [
    ("ipe", "IPE"),
    ("delta_ipe", "Delta IPE"),
    ("histo_ipe", "History IPE"),
    ("cpn", "CPN"),
    ("delta_cpn", "Delta CPN"),
    ("histo_cpn", "History CPN"),
]
FLOW_CODES = {
    "ipe": "IPE",
    "delta_ipe": "DELTAIPE",
    "histo_ipe": "HISTOIPE",
    "cpn": "CPN",
    "delta_cpn": "DELTACPN",
    "histo_cpn": "HISTOCPN",
}
STATES = [
    ("waiting", "Waiting"),
    ("running", "Being made"),
    ("done", "Published"),
    ("blocked", "Stopped by rules"),
    ("failed", "Failed"),
    ("cancelled", "Cancelled"),
]


class Publication(models.Model):
    """One file published to operators: an IPE or CPN, its changes or its history."""

    _name = "oiconnect.publication"
    _description = "Publication"
    _inherit = ["oiconnect.network.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "id desc"

    plan_id = fields.Many2one(
        "oiconnect.publication.plan", "Plan", index=True, ondelete="restrict"
    )
    kind = fields.Selection(KINDS, required=True, readonly=True)
    format_id = fields.Many2one(
        "oiconnect.flow.format", "Format", readonly=True, ondelete="set null"
    )
    version = fields.Char(readonly=True)
    operator_id = fields.Many2one(
        "oiconnect.operator",
        "Format of",
        readonly=True,
        ondelete="restrict",
        help="The operator whose own format the file has",
    )
    state = fields.Selection(
        STATES, required=True, default="waiting", readonly=True, index=True
    )
    name = fields.Char("File", readonly=True, index="trigram")
    due_date = fields.Datetime("Due", readonly=True)
    as_of = fields.Datetime("State of the network on", readonly=True)
    start_date = fields.Datetime("Started", readonly=True)
    end_date = fields.Datetime("Ended", readonly=True)
    file = fields.Binary("Content", attachment=True, readonly=True, copy=False)
    size = fields.Integer("Bytes", readonly=True)
    sha256 = fields.Char("SHA-256", readonly=True)
    line_count = fields.Integer("Lines", readonly=True)
    created_count = fields.Integer("Lines created", readonly=True)
    modified_count = fields.Integer("Lines modified", readonly=True)
    removed_count = fields.Integer("Lines removed", readonly=True)
    warning_count = fields.Integer("Warnings", readonly=True)
    message = fields.Char("What happened", readonly=True)
