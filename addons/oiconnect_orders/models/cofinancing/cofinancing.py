from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools.translate import LazyTranslate

from odoo.addons.oiconnect_base.models.guarded import EVERY_FIELD
from odoo.addons.oiconnect_base.workflow import JOB, SCREEN

from ...pm_order_states import CHOICES
from ...states import LIVE_STATES

_lt = LazyTranslate(__name__)


class Cofinancing(models.Model):
    """Engagement of an operator to co-finance the PMs of a zone, from a day on.

    It gives the right to COFI orders there. On its first day what the operator rents
    at these PMs is co-financed: its services and its accesses change their type.
    """

    _name = "oiconnect.cofinancing"
    _description = "Co-financing"
    _created_text = _lt("Co-financing created")
    _inherit = ["oiconnect.service.mixin", "oiconnect.scheduled.mixin"]
    _todo_group = "oiconnect_base.group_pm_order_user"
    _order = "start_date desc, id desc"
    _rec_names_search = ["reference", "zone"]
    _free_fields = EVERY_FIELD
    _event_fields = ("switched_date", "access_count")
    # What is applied is not what a person wrote any more.
    _closing_fields = dict.fromkeys(
        ("operator_id", "network_id", "start_date"), "switched_date"
    )

    reference = fields.Char(size=50, index="trigram", copy=False)
    zone = fields.Char(required=True, help="What the engagement calls its PMs")
    pm_ids = fields.Many2many(
        "oiconnect.pm",
        "oiconnect_cofinancing_pm_rel",
        "cofinancing_id",
        "pm_id",
        "PMs",
        domain="[('network_id', '=?', network_id)]",
    )
    pm_count = fields.Integer("Number of PMs", compute="_compute_pm_count")
    share = fields.Float(
        "Share (%)", digits=(5, 2), aggregator=None, help="Of the dwellings of the zone"
    )
    level = fields.Integer(
        default=1, aggregator=None, help="Number of shares that the operator has taken"
    )
    technical_choice = fields.Selection(CHOICES, default="P", required=True)
    price_list = fields.Char(size=50, help="Reference of the prices of the contract")
    switched_date = fields.Datetime(
        "Applied on",
        readonly=True,
        copy=False,
        help="On that day what was rented at the PMs became co-financed",
    )
    access_count = fields.Integer(
        "Accesses that changed type", readonly=True, copy=False, aggregator=None
    )

    # Engagements whose first day has come
    _to_switch_idx = models.Index("(start_date) WHERE switched_date IS NULL")
    _share_of_all = models.Constraint(
        "CHECK (share >= 0 AND share <= 100)", "A share is between 0 and 100 %."
    )
    _level_positive = models.Constraint(
        "CHECK (level > 0)", "An engagement has one share at least."
    )

    @api.constrains("pm_ids", "network_id")
    def _check_pms_of_the_network(self):
        for one in self.sudo():
            own = one.pm_ids.filtered_domain([("network_id", "=", one.network_id.id)])
            if strange := one.pm_ids - own:
                raise ValidationError(
                    self.env._(
                        "%(pm)s is not on network %(network)s: choose PMs of the "
                        "network of the co-financing.",
                        pm=strange[0].display_name,
                        network=one.network_id.name,
                    )
                )

    @api.depends("pm_ids")
    def _compute_pm_count(self):
        for one in self:
            one.pm_count = len(one.pm_ids)

    @api.model_create_multi
    def create(self, vals_list):
        made = super().create(vals_list)
        made._wake_switch()
        return made

    def write(self, vals):
        before = {one: one.pm_ids for one in self.sudo()} if "pm_ids" in vals else {}
        result = super().write(vals)
        applied = self.browse(one.id for one in before if one.switched_date).sudo()
        for one in applied.filtered_domain(self._today_domain()):
            # A PM that joins the zone later is co-financed from then on.
            one._include(one.pm_ids - before[one], SCREEN)
        if "start_date" in vals:
            self._wake_switch()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_applied(self):
        if applied := self.filtered("switched_date"):
            raise UserError(
                self.env._(
                    "%s is applied: give it an end, or archive it.",
                    ", ".join(applied.mapped("display_name")),
                )
            )

    # ------------------------------------------------------------------
    # From rental to co-financing
    # ------------------------------------------------------------------

    @api.model
    def _wake_switch(self):
        self.env.ref("oiconnect_orders.cron_cofinancing").sudo()._trigger()

    @api.model
    def _cron_switch(self):
        """Apply the engagements whose first day has come, one transaction each."""
        self._apply_by_batches(
            "switch",
            self._today_domain() & Domain("switched_date", "=", False),
            1,
            lambda one: one._apply(JOB),
            order="start_date",
        )

    def _apply(self, origin):
        for one in self:
            one._include(one.pm_ids, origin)

    def _include(self, pms, origin):
        """Make co-financed what the operator rents at the PMs; provide the others."""
        switched = self._switch_accesses(pms, origin)
        for pm in pms.filtered(lambda pm: pm.state != "abandoned"):
            self._engage(pm, origin)
        self.write(
            {
                "switched_date": self.switched_date or fields.Datetime.now(),
                "access_count": self.access_count + switched,
            }
        )
        if switched:
            self.message_post(
                body=self.env._("Accesses that are co-financed now: %s.", switched)
            )

    def _switch_accesses(self, pms, origin):
        """Change the type of the accesses at the PMs; return how many there were."""
        orders = self.env["oiconnect.access.order"].search(
            Domain("operator_id", "=", self.operator_id.id)
            & Domain("pm_id", "in", pms.ids)
            & Domain("state", "in", LIVE_STATES)
            & Domain("retained_type", "=", "loca")
        )
        note = self.env._("Co-financing %s", self.reference)
        orders._fire("switch_type", origin, note=note)
        return len(orders)

    def _engage(self, pm, origin):
        """The operator has the PM as a co-financing one."""
        orders = self.env["oiconnect.pm.order"]
        choice = self.technical_choice
        terms = {"kind": "cofi", "purpose": "engagement", "technical_choice": choice}
        if running := pm._service_of(self.operator_id):
            if running.kind == "loca":
                held = running._ensure_orders(origin)
                held._fire("switch_to_cofinancing", origin, technical_choice=choice)
            return
        if orders._is_rented(self.operator_id, pm.id):
            # Ordered, not there yet: it is made available as a co-financed PM.
            orders._waiting_for(pm, self.operator_id).write(terms)
            return
        terms["contract_reference"] = self.reference
        order = orders._unsent(pm, self.operator_id, origin, **terms)
        order._fire("acknowledge", origin)
        order._after_receipt(origin)

    def action_apply(self):
        """Apply the engagement now: its first day must have come."""
        self.check_access("write")
        if self.sudo().filtered_domain(self._today_domain()) != self.sudo():
            raise UserError(
                self.env._("The first day has not come, or the last one has passed.")
            )
        # What the scheduled action is at is applied by it.
        held = self.sudo().try_lock_for_update(allow_referencing=True)
        held.filtered(lambda one: not one.switched_date)._apply(SCREEN)

    def action_view_accesses(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "oiconnect_orders.access_order_action"
        )
        domain = [
            ("operator_id", "=", self.operator_id.id),
            ("pm_id", "in", self.pm_ids.ids),
            ("retained_type", "=", "cofi"),
        ]
        return action | {"domain": domain, "context": {}}
