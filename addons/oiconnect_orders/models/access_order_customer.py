from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..states import CLOSED_STATES
from .access_order_receive import QUIET

BATCH = 1000
# Whose line is in service is still a customer.
ENDED_STATES = tuple(state for state in CLOSED_STATES if state != "in_service")
END = "COALESCE(end_date, report_date, receipt_date, create_date)"


class AccessOrder(models.Model):
    """When the end customer's data is erased.

    What invoices and the regulator need stays: references, dates, states, operator,
    place and route, socket, reasons and steps.
    """

    _inherit = "oiconnect.access.order"

    customer_erased_on = fields.Datetime(
        "Customer's data erased on", readonly=True, copy=False
    )

    # The nightly look for ended orders that still name their customer.
    _customer_idx = models.Index(
        f"(network_id, ({END})) WHERE customer_erased_on IS NULL "
        f"AND state IN {ENDED_STATES}"
    )

    # ------------------------------------------------------------------
    # When
    # ------------------------------------------------------------------

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

    def action_export_customer(self):
        """Open the export on this order."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "oiconnect_orders.customer_export_action"
        )
        return action | {"context": {"default_sought": self.oc_reference}}

    def action_erase_customer(self):
        """Erase at once, as the customer asked (administrators)."""
        self._check_may_erase()
        orders = self.sudo().with_context(**QUIET)
        orders._erase_on_request()
        for order in orders:
            order._note_customer(
                self.env._("The end customer's data is erased, as was asked.")
            )

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
