from odoo import fields, models


class PublicationPlan(models.Model):
    """What is published of a network, to whom, in which versions, and when.

    Its files belong together: a full file and the deltas that follow it are of the
    same lines.
    """

    _name = "oiconnect.publication.plan"
    _description = "Publication plan"
    _inherit = ["oiconnect.network.mixin", "mail.thread"]
    _order = "network_id, family, id"

    name = fields.Char(required=True, tracking=True)
    active = fields.Boolean(default=True, tracking=True)
    family = fields.Selection(
        [("ipe", "IPE"), ("cpn", "CPN")],
        "Kind of files",
        required=True,
        default="ipe",
        tracking=True,
    )
    pm_ids = fields.Many2many(
        "oiconnect.pm",
        string="Only these PMs",
        help="Leave empty to publish the whole network",
    )
    operator_ids = fields.Many2many(
        "oiconnect.operator",
        string="Only to these operators",
        help="Leave empty to send to all operators, each in its version",
    )
    format_ids = fields.Many2many(
        "oiconnect.flow.format",
        string="Also in",
        help="Formats that are produced besides those of the operators",
    )
    tz = fields.Char("Time zone", required=True, default="Europe/Paris")
    responsible_id = fields.Many2one(
        "res.users", "Person in charge", help="Is told when a file is late or fails"
    )
    retention_days = fields.Integer(
        "Files kept (days)", default=400, help="0: files are kept for ever"
    )
    publication_ids = fields.One2many("oiconnect.publication", "plan_id", "Files")

    _retention_positive = models.Constraint(
        "CHECK (retention_days >= 0)", "The number of days is not negative."
    )
