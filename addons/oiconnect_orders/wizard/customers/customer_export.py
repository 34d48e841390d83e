import base64
import io

import xlsxwriter

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools import html2plaintext

from ...personal import phone_end

# One person has few lines: more is a search that identifies no one.
MOST = 200
CONTACTS = ("customer_contact1", "customer_contact2")
# What the database keeps of itself
OURS = ("id", "create_uid", "write_uid", "write_date")
# Widths of columns, in characters
WIDTH = 28


class CustomerExport(models.TransientModel):
    """Give an end customer all that is stored about them, as a workbook."""

    _name = "oiconnect.customer.export"
    _description = "Export of an end customer's data"

    sought = fields.Char(
        "Name, telephone, e-mail or reference",
        help="The customer's name and first name, a contact, or the reference of an "
        "order (the operator's or the service's)",
    )
    order_ids = fields.Many2many(
        "oiconnect.access.order",
        "oiconnect_customer_export_order_rel",
        string="Orders of this customer",
        compute="_compute_order_ids",
        store=True,
        readonly=False,
    )
    file = fields.Binary(attachment=False, readonly=True)
    file_name = fields.Char(readonly=True)

    @api.depends("sought")
    def _compute_order_ids(self):
        for export in self:
            export.order_ids = [Command.set(export._find().ids)]

    def _find(self):
        """Return the orders that name the person sought, one too many at most."""
        orders = self.env["oiconnect.access.order"]
        text = (self.sought or "").strip()
        if len(text) < 3:
            return orders
        if end := phone_end(text):
            return self._find_by_phone(end)
        return orders.search(
            Domain("oc_reference", "=", text)
            | Domain("service_reference", "=", text)
            | Domain.OR(Domain(name, "=ilike", text) for name in CONTACTS)
            | Domain.AND(self._named(word) for word in text.split()),
            limit=MOST + 1,
        )

    def _named(self, word):
        return Domain("customer_name", "ilike", word) | Domain(
            "customer_firstname", "ilike", word
        )

    def _find_by_phone(self, end):
        """The number may have been written with any separators."""
        found = self.env["oiconnect.access.order"].search([("customer", "ilike", end)])
        same = found.filtered(
            lambda order: end in {phone_end(order[name]) for name in CONTACTS}
        )
        return same[: MOST + 1]

    def action_export(self):
        """Make the workbook; each order keeps that it was exported, and by whom."""
        self.ensure_one()
        orders = self._checked_orders()
        self.file_name = self.env._("customer-data") + ".xlsx"
        self.file = base64.b64encode(self._workbook(orders.sudo()))
        for order in orders.sudo():
            order._note_customer(
                self.env._("All that is kept of the end customer was exported.")
            )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/file/{self.file_name}"
            "?download=true",
            "target": "download",
        }

    def _checked_orders(self):
        orders = self.order_ids
        orders.check_access("read")
        if not orders:
            raise UserError(
                self.env._(
                    "No order names this person: search by the whole name, a "
                    "telephone number, an e-mail or the reference of an order."
                )
            )
        if len(orders) > MOST:
            raise UserError(
                self.env._(
                    "More than %s orders are found: this is not one person, search "
                    "more precisely.",
                    MOST,
                )
            )
        return orders

    def _workbook(self, orders):
        target = io.BytesIO()
        # Cells are written as texts: a spreadsheet runs none of them.
        with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
            bold = book.add_format({"bold": True})
            for title, header, rows in self._sheets(orders):
                sheet = book.add_worksheet(title)
                sheet.set_column(0, len(header) - 1, WIDTH)
                sheet.freeze_panes(1, 0)
                for rank, row in enumerate([header, *rows]):
                    for column, value in enumerate(row):
                        sheet.write_string(
                            rank, column, self._text(value), bold if not rank else None
                        )
        return target.getvalue()

    def _sheets(self, orders):
        """Return ``[(title, header, rows)]``: all that is stored about the person."""
        order, date = self.env._("Order"), self.env._("Date")
        filled = [self.env._("Information"), self.env._("Value")]
        visits = {one: one.appointment_ids for one in orders}
        return [
            (
                self.env._("Orders"),
                [order, *filled],
                self._filled_rows({one: one for one in orders}),
            ),
            (self.env._("Visits"), [order, *filled], self._filled_rows(visits)),
            (
                self.env._("History"),
                [order, date, self.env._("Event"), self.env._("State")]
                + [self.env._("By"), self.env._("Comment")],
                self._step_rows(orders),
            ),
            (
                self.env._("Messages to the operator"),
                [order, date, self.env._("Flow"), *filled],
                self._event_rows(orders),
            ),
            (
                self.env._("Discussion"),
                [order, date, self.env._("By"), self.env._("Message")],
                self._message_rows(orders),
            ),
        ]

    def _filled_rows(self, records_of):
        for order, records in records_of.items():
            for name, value in self._filled(records):
                yield order.display_name, name, value

    def _filled(self, records):
        """Yield ``(label, value)`` of all that is stored and filled in."""
        stored = [
            (name, field)
            for name, field in records._fields.items()
            if field.store
            and name not in OURS
            and field.type not in ("one2many", "many2many")
        ]
        labels = records.fields_get([name for name, _field in stored], ["string"])
        for record in records:
            for name, field in stored:
                if record[name]:
                    value = field.convert_to_export(record[name], record)
                    yield labels[name]["string"], value

    def _step_rows(self, orders):
        for order in orders:
            for step in order.step_ids.sorted("id"):
                yield (
                    *(order.display_name, step.date, step.event_label),
                    *(step.target_label, step.user_id.name, step.note),
                )

    def _event_rows(self, orders):
        for order in orders:
            for event in order.event_ids.sorted("id"):
                for name, value in self._event_cells(event):
                    yield order.display_name, event.create_date, event.flow, name, value

    def _event_cells(self, event):
        """Return ``[(name, value)]`` of a message to the operator."""
        return [(key, value) for key, value in event.payload.items() if value]

    def _message_rows(self, orders):
        for order in orders:
            for message in order.message_ids.sorted("id"):
                body = html2plaintext(message.body or "")
                if body:
                    author = message.author_id.name
                    yield order.display_name, message.date, author, body

    def _text(self, value):
        if isinstance(value, bool):
            return self.env._("Yes") if value else ""
        if hasattr(value, "strftime"):
            local = fields.Datetime.context_timestamp(self, value)
            return local.strftime("%d/%m/%Y %H:%M")
        return "" if value is None else str(value)
