from odoo import fields, models
from odoo.tools import SQL

from ..personal import (
    CUSTOMER_FIELDS,
    FREE_FIELDS,
    masked,
    masked_payload,
    pattern_of,
)
from .access_order_receive import QUIET

# Texts that stay, in which a customer may be named: table, column, its column of the
# order's id, and that of the model where it has one.
KEPT_TEXTS = (
    ("oiconnect_access_order", "reason_comment", "id", None),
    ("oiconnect_workflow_step", "note", "res_id", "res_model"),
    ("mail_message", "body", "res_id", "model"),
)


class AccessOrder(models.Model):
    """Erasing end customers: emptied where they stand, hidden in what is kept."""

    _inherit = "oiconnect.access.order"

    def _erase_customers(self):
        """Empty what tells who the customers are; hide them in texts of others."""
        orders = self.sudo().with_context(**QUIET)
        patterns = orders._customer_patterns()
        orders.env.flush_all()
        for table in KEPT_TEXTS:
            orders._mask_texts(patterns, *table)
        orders._mask_messages(patterns)
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

    def _mask_texts(self, patterns, table, column, key, model_column):
        """Hide customers in one column of the rows that go with orders."""
        if not patterns:
            return
        same_model = SQL("TRUE")
        if model_column:
            same_model = SQL("%s = %s", SQL.identifier(model_column), self._name)
        table, column = SQL.identifier(table), SQL.identifier(column)
        rows = self.env.execute_query(
            SQL(
                "SELECT id, %(key)s, %(column)s FROM %(table)s "
                "WHERE %(key)s IN %(ids)s AND %(same_model)s "
                "AND %(column)s IS NOT NULL",
                key=SQL.identifier(key),
                column=column,
                table=table,
                ids=tuple(patterns),
                same_model=same_model,
            )
        )
        for row_id, order_id, text in rows:
            hidden = masked(text, patterns[order_id])
            if hidden != text:
                self.env.cr.execute(
                    SQL(
                        "UPDATE %s SET %s = %s WHERE id = %s",
                        table,
                        column,
                        hidden,
                        row_id,
                    )
                )

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
