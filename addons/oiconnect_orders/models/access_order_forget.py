from odoo import fields, models
from odoo.tools import SQL

from ..personal import CUSTOMER_FIELDS, FREE_FIELDS, masked_payload, pattern_of
from .access_order_receive import QUIET
from .customer_mixin import OF_RECORD

# Texts of an order in which its customer may be named
OF_ORDER = (
    ("oiconnect_access_order", "reason_comment", "id", None),
    ("oiconnect_access_order", "proposed_comment", "id", None),
    ("oiconnect_decision", "note", "res_id", "res_model"),
    ("oiconnect_decision", "controls", "res_id", "res_model"),
    *OF_RECORD,
)


class AccessOrder(models.Model):
    """Erasing end customers: emptied where they stand, hidden in what is kept."""

    _name = "oiconnect.access.order"
    _inherit = ["oiconnect.access.order", "oiconnect.customer.mixin"]

    def _erase_customers(self):
        """Empty what tells who the customers are; hide them in texts of others."""
        orders = self.sudo().with_context(**QUIET)
        patterns = orders._customer_patterns()
        orders.env.flush_all()
        for place in OF_ORDER:
            orders._mask_texts(patterns, *place)
        orders._mask_messages(patterns)
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
