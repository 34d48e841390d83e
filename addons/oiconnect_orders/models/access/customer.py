from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.oiconnect_base.reception import QUIET

from ...customer_search import NAMES, PHONE_INDEX, found_by, full_name
from ...personal import (
    CUSTOMER_FIELDS,
    CUSTOMER_GROUPS,
    FREE_FIELDS,
    masked_payload,
    pattern_of,
)
from ...states import CLOSED_STATES
from ..customers.customer_mixin import OF_RECORD

BATCH = 1000
# Whose line is in service is still a customer.
ENDED_STATES = tuple(state for state in CLOSED_STATES if state != "in_service")
END = "COALESCE(end_date, report_date, receipt_date, create_date)"
# Texts of an order in which its customer may be named
OF_ORDER = (
    ("oiconnect_access_order", "reason_comment", "id", None),
    ("oiconnect_access_order", "proposed_comment", "id", None),
    ("oiconnect_decision", "note", "res_id", "res_model"),
    ("oiconnect_decision", "controls", "res_id", "res_model"),
    *OF_RECORD,
)


class AccessOrder(models.Model):
    """The end customer of an order: found by name or telephone, erased in time.

    What invoices and the regulator need stays: references, dates, states, operator,
    place and route, PTO, reasons and steps.
    """

    _inherit = "oiconnect.access.order"

    customer_erased_on = fields.Datetime(
        "Customer's data erased on", readonly=True, copy=False
    )

    customer = fields.Char(
        compute="_compute_customer",
        search="_search_customer",
        groups=CUSTOMER_GROUPS,
        help="Found by the name, or by the telephone however it is written",
    )

    # The nightly look for ended orders that still name their customer.
    _customer_idx = models.Index(
        f"(network_id, ({END})) WHERE customer_erased_on IS NULL "
        f"AND state IN {ENDED_STATES}"
    )

    # Search of a customer by telephone
    _phone_idx = models.Index(PHONE_INDEX)

    @api.depends(*NAMES)
    def _compute_customer(self):
        for order in self:
            order.customer = full_name(order)

    @api.model
    def _search_customer(self, operator, value):
        if operator != "ilike":
            return NotImplemented
        # A field that is not stored is looked for without a look at its groups.
        self._check_field_access(self._fields["customer"], "read")
        return found_by(value)

    @api.model
    def _cron_erase_customers(self):
        """Erase the customers of orders that ended long enough ago, by batches."""
        networks = self.env["oiconnect.network"].with_context(active_test=False)
        visits = self.env["oiconnect.appointment"]
        for network in networks.search([("customer_days", ">", 0)]):
            while orders := self._with_old_customers(network):
                orders._erase_customers()
                if not self.env["ir.cron"]._commit_progress(len(orders)):
                    return
            while past := visits._with_old_customers(network):
                past._forget()
                if not self.env["ir.cron"]._commit_progress(len(past)):
                    return

    def _with_old_customers(self, network):
        limit = fields.Datetime.now() - timedelta(days=network.customer_days)
        self.flush_model()
        self.env.cr.execute(
            SQL(
                "SELECT id FROM oiconnect_access_order WHERE network_id = %s "
                "AND customer_erased_on IS NULL AND state IN %s AND %s < %s LIMIT %s",
                network.id,
                ENDED_STATES,
                SQL(END),
                limit,
                BATCH,
            )
        )
        return self.browse(row[0] for row in self.env.cr.fetchall())

    def _check_may_erase(self):
        self.check_access("write")
        if not self.env.user.has_group("oiconnect_base.group_access_manager"):
            raise UserError(
                self.env._("Only an administrator of access orders erases a customer.")
            )
        if going_on := self.filtered("is_open"):
            raise UserError(
                self.env._(
                    "%s is in progress: the customer's data is needed to connect it. "
                    "Cancel the order, or wait until it is done.",
                    going_on._refusal_names(),
                )
            )

    def _note_customer(self, text):
        self.message_post(body=text, author_id=self.env.user.partner_id.id)

    # ------------------------------------------------------------------
    # Erasing: emptied where it stands, hidden in what is retained
    # ------------------------------------------------------------------

    def _erase_customers(self):
        """Empty what tells who the customers are; hide them in texts of others."""
        orders = self.sudo().with_context(**QUIET)
        patterns = orders._customer_patterns()
        orders.env.flush_all()
        for place in OF_ORDER:
            orders._mask_texts(patterns, *place)
        orders._mask_messages(patterns)
        orders._delete_operator_mails()
        orders.appointment_ids._erase_customers(patterns)
        orders._empty_tracked_customers()
        empty = dict.fromkeys(CUSTOMER_FIELDS + FREE_FIELDS, False)
        orders.write(empty | {"customer_erased_on": fields.Datetime.now()})
        # What was written by SQL is read anew.
        self.env.invalidate_all()

    def _customer_patterns(self):
        """Return ``{order id: expression that finds its customer}``."""
        found = {
            order.id: pattern_of(order[name] for name in CUSTOMER_FIELDS)
            for order in self
        }
        return {order_id: pattern for order_id, pattern in found.items() if pattern}

    def _mask_messages(self, patterns):
        """Empty the customer in the frozen messages to the operator."""
        events = self.env["oiconnect.event"].search(
            [("res_model", "=", self._name), ("res_id", "in", self.ids)]
        )
        for event in events:
            order = self.browse(event.res_id)
            payload = masked_payload(
                event.payload, patterns.get(order.id), order.comment
            )
            if payload != event.payload:
                event.payload = payload

    def _empty_tracked_customers(self):
        """Forget what the chatter says these fields were."""
        self.env.cr.execute(
            SQL(
                """UPDATE mail_tracking_value v
                      SET old_value_char = NULL, new_value_char = NULL,
                          old_value_text = NULL, new_value_text = NULL
                     FROM mail_message m, ir_model_fields f
                    WHERE m.id = v.mail_message_id AND f.id = v.field_id
                      AND m.model = %s AND m.res_id IN %s AND f.name IN %s""",
                self._name,
                tuple(self.ids) or (0,),
                CUSTOMER_FIELDS + FREE_FIELDS,
            )
        )

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------

    def action_export_customer(self):
        """Open the export on this order."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "oiconnect_orders.customer_export_action"
        )
        return action | {"context": {"default_sought": self.oc_reference}}

    def action_erase_customer(self):
        """Erase at once, as the customer requested (administrators)."""
        self._check_may_erase()
        orders = self.sudo().with_context(**QUIET)
        orders._erase_on_request()
        for order in orders:
            order._note_customer(
                self.env._("The end customer's data is erased, as was asked.")
            )
