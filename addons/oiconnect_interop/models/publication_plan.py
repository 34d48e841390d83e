from pytz import common_timezones

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.translate import LazyTranslate

from .publication import FLOW_CODES

_lt = LazyTranslate(__name__)

FAMILIES = [("ipe", "IPE"), ("cpn", "CPN")]


class PublicationPlan(models.Model):
    """What is published of a network, to whom, in which versions, and when.

    Its files belong together: a full file and the deltas that follow it are of the
    same lines.
    """

    _name = "oiconnect.publication.plan"
    _description = "Publication plan"
    _created_text = _lt("Publication plan created")
    _inherit = ["oiconnect.network.mixin", "oiconnect.chatter"]
    _order = "network_id, family, id"
    _free_fields = (
        "network_id",
        "name",
        "active",
        "family",
        "pm_ids",
        "operator_ids",
        "format_ids",
        "tz",
        "responsible_id",
        "retention_days",
    )
    _closing_fields = {"network_id": "publication_count", "family": "publication_count"}

    network_id = fields.Many2one(ondelete="cascade", tracking=True)
    name = fields.Char(required=True, tracking=True)
    active = fields.Boolean(default=True, tracking=True)
    family = fields.Selection(
        FAMILIES, "Kind of files", required=True, default="ipe", tracking=True
    )
    pm_ids = fields.Many2many(
        "oiconnect.pm",
        string="Only these PMs",
        domain="[('network_id', '=', network_id)]",
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
        domain="[('flow_id.code', '=', flow_code)]",
        help="Formats that are produced besides those of the operators",
    )
    flow_code = fields.Char("Code of the flow", compute="_compute_flow_code")
    tz = fields.Selection(
        lambda self: [(name, name) for name in common_timezones],
        "Time zone",
        required=True,
        default="Europe/Paris",
        tracking=True,
    )
    responsible_id = fields.Many2one(
        "res.users",
        "Person in charge",
        tracking=True,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="Is told when a file is late or fails; an administrator of the "
        "infrastructure is when nobody is named here",
    )
    retention_days = fields.Integer(
        "Files kept (days)",
        default=400,
        tracking=True,
        help="0: files are kept for ever",
    )
    publication_count = fields.Integer(
        "Number of files", compute="_compute_publication_count"
    )
    schedule_ids = fields.One2many(
        "oiconnect.publication.schedule",
        "plan_id",
        "Schedules",
        default=lambda self: self.env[
            "oiconnect.publication.schedule"
        ]._default_commands(),
        context={"active_test": False},
    )
    next_date = fields.Datetime("Next publication", compute="_compute_next_date")

    _retention_positive = models.Constraint(
        "CHECK (retention_days >= 0)", "The number of days is not negative."
    )

    @api.depends("family")
    def _compute_flow_code(self):
        for plan in self:
            plan.flow_code = FLOW_CODES.get(plan.family)

    def _compute_publication_count(self):
        counts = dict(
            self.env["oiconnect.publication"]._read_group(
                [("plan_id", "in", self._origin.ids)], ["plan_id"], ["__count"]
            )
        )
        for plan in self:
            plan.publication_count = counts.get(plan._origin, 0)

    @api.depends("schedule_ids.next_date")
    def _compute_next_date(self):
        for plan in self:
            dates = plan.schedule_ids.mapped("next_date")
            plan.next_date = min(filter(None, dates), default=False)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        used = self.filtered("publication_count")
        if used:
            raise UserError(
                self.env._(
                    "%s has published files, which stay listed: archive it.",
                    used[0].display_name,
                )
            )

    @api.model
    @api.private
    def _seed(self, networks=None):
        """Give ``networks`` a plan of each kind of files that they have none of."""
        # Nobody created them: no message says so.
        plans = self.sudo().with_context(active_test=False, mail_create_nolog=True)
        networks = networks or self.env["oiconnect.network"].sudo().search(
            [("active", "in", (True, False))]
        )
        groups = plans._read_group(
            [("network_id", "in", networks.ids)], ["network_id", "family"]
        )
        known = {(network.id, family) for network, family in groups}
        plans.create(
            [
                {"name": label, "network_id": network.id, "family": family}
                for network in networks
                for family, label in FAMILIES
                if (network.id, family) not in known
            ]
        )

    def _staff_language(self):
        """Language of who is told, else that of the company."""
        return self._responsible().lang or self.company_id.partner_id.lang

    def action_publish(self):
        """Open the choice of what to publish now."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Publish now"),
            "res_model": "oiconnect.publication.now",
            "view_mode": "form",
            "target": "new",
            "context": {"default_plan_id": self.id},
        }

    def action_view_publications(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "oiconnect_interop.publication_action"
        )
        return action | {"domain": [("plan_id", "=", self.id)], "context": {}}
