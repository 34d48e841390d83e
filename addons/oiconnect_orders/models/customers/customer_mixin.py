from odoo import models
from odoo.tools import SQL

from ...personal import CUSTOMER_GROUPS, masked

# Texts that stay, in which a customer may be named: table, column, its column of the
# record's id, and that of the model where it has one.
OF_RECORD = (
    ("oiconnect_workflow_step", "note", "res_id", "res_model"),
    ("mail_message", "body", "res_id", "model"),
    ("mail_message", "subject", "res_id", "model"),
)


class CustomerMixin(models.AbstractModel):
    """Records about an end customer, who is hidden in what is retained of them."""

    _name = "oiconnect.customer.mixin"
    _description = "About an end customer"

    def _mail_get_operation_for_mail_message_operation(self, message_operation):
        """Hide words about customers from users who may not see these.

        No user may erase such a record.
        """
        if message_operation == "read" and not self.env.user.has_group(CUSTOMER_GROUPS):
            return dict.fromkeys(self, "unlink")
        return super()._mail_get_operation_for_mail_message_operation(message_operation)

    def _erase_on_request(self):
        """Erase at once; the border does so in the files about these records too."""
        self._erase_customers()

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
                "SELECT id, %(key)s, %(column)s::text FROM %(table)s "
                "WHERE %(key)s IN %(ids)s AND %(same_model)s "
                "AND %(column)s IS NOT NULL",
                key=SQL.identifier(key),
                column=column,
                table=table,
                ids=tuple(patterns),
                same_model=same_model,
            )
        )
        update = "UPDATE %s SET %s = %s WHERE id = %s"
        for row_id, order_id, text in rows:
            hidden = masked(text, patterns[order_id])
            if hidden != text:
                self.env.cr.execute(SQL(update, table, column, hidden, row_id))
