from datetime import timedelta

from pytz import common_timezones

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools.translate import LazyTranslate

from odoo.addons.oiconnect_base.time_zone import local_day

from ...related_counts import count_related
from .publication import FLOW_CODES
from .publication_schedule import DEFAULTS, LATE_MINUTES, STEPS

_lt = LazyTranslate(__name__)

FAMILIES = [("ipe", "IPE"), ("cpn", "CPN")]


class PublicationPlan(models.Model):
    """Publication plan: content, recipients, versions and schedules.

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
        domain="[('network_id', '=?', network_id)]",
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
        default=lambda self: [Command.create(vals) for vals in DEFAULTS],
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
        count_related(self, "publication_count", "oiconnect.publication", "plan_id")

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
        """Give ``networks`` a plan of each kind of files that they have none of.

        A sandbox network has those that people make.
        """
        # No user created them: no message says so.
        plans = self.sudo().with_context(active_test=False, mail_create_nolog=True)
        networks = networks or self.env["oiconnect.network"].sudo().search(
            [("active", "in", (True, False))]
        )
        networks = networks.filtered(lambda network: not network.is_sandbox)
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

    def _day(self, moment):
        """Return the date of a UTC ``moment`` where the plan is."""
        return local_day(moment, self.tz)

    def _responsible(self):
        """Return the person in charge, else an administrator of the infrastructure."""
        managers = self.env.ref("oiconnect_base.group_infra_manager").all_user_ids
        own = managers.filtered(
            lambda user: (
                user.active
                and not user._is_superuser()
                and self.company_id in user.company_ids
            )
        )
        return self.responsible_id or own.sorted("id")[:1]

    def _staff_language(self):
        """Language of the person in charge, else that of the company."""
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

    # ------------------------------------------------------------------
    # Publishing
    # ------------------------------------------------------------------

    def _publish(self, steps, due=None, late_minutes=LATE_MINUTES):
        """Queue the files of ``steps``, to be made together.

        :return: their publications; what waits already is not made twice
        """
        self.ensure_one()
        due = due or fields.Datetime.now()
        # The message about a file comes when it is published, or not.
        silent = {"mail_create_nolog": True, "mail_create_nosubscribe": True}
        publications = self.env["oiconnect.publication"].with_context(**silent)
        made = publications.create(
            [
                {
                    **self._publication_vals(*key),
                    "due_date": due,
                    "late_date": due + timedelta(minutes=late_minutes),
                }
                for key in self._wanted(steps)
                if key not in self._waiting()
            ]
        )
        made._queue()
        return made

    def _wanted(self, steps):
        """Return the (kind, format) of the files of ``steps``, deltas first."""
        formats = self._formats()
        return [
            (self._kind(step), item)
            for step, _label in STEPS
            if step in steps
            for item in formats
        ]

    def _kind(self, step):
        return self.family if step == "full" else f"{step}_{self.family}"

    def _waiting(self):
        """Return the (kind, format) of the files that wait to be made."""
        groups = self.env["oiconnect.publication"]._read_group(
            [("plan_id", "=", self.id), ("state", "=", "waiting")],
            ["kind", "format_id"],
        )
        return set(groups)

    def _publication_vals(self, kind, item):
        return {
            "plan_id": self.id,
            "network_id": self.network_id.id,
            "kind": kind,
            "format_id": item.id,
            "version": item.version,
            "operator_id": item.operator_id.id,
        }

    # ------------------------------------------------------------------
    # Recipients
    # ------------------------------------------------------------------

    def _recipients(self):
        """Return the operators to whom files of the plan go."""
        operators = self.env["oiconnect.operator"]
        return self.operator_ids or operators.search([("active", "=", True)])

    def _recipients_of(self, publication):
        """Return the operators to whom a file of the plan goes: those of its format."""
        return self._recipients().filtered(
            lambda operator: self._format_of(operator) == publication.format_id
        )

    def _format_of(self, operator):
        """Return the format in which ``operator`` gets the files, if there is one."""
        flow = self.env["oiconnect.flow"]._by_code(FLOW_CODES[self.family])
        version = operator._protocol_version("pm")
        found = flow and flow._format_id(operator.id, version)
        return self.env["oiconnect.flow.format"].sudo().browse(found or [])

    def _formats(self):
        """Return the formats in use: those of the operators, and those requested."""
        used = (
            self.env["oiconnect.flow.format"]
            .sudo()
            .union(*map(self._format_of, self._recipients()))
        )
        return (used | self.sudo().format_ids).sorted(
            lambda item: (item.version, item.operator_id.id, item.id)
        )

    def _check_formats(self):
        if not self._formats():
            raise UserError(
                self.env._(
                    "%s has no recipient: create an operator, or choose a format in "
                    "“Also in”.",
                    self.display_name,
                )
            )


class Network(models.Model):
    """A network begins with its plans of publication, as the protocol wants them."""

    _inherit = "oiconnect.network"

    @api.model_create_multi
    def create(self, vals_list):
        networks = super().create(vals_list)
        self.env["oiconnect.publication.plan"]._seed(networks)
        return networks
