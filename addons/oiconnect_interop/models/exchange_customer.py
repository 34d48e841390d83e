import base64
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.oiconnect_orders.personal import (
    CUSTOMER_FIELDS,
    MASK,
    tells_customer,
)

from ..protocol import FileError, blank, lines_of
from .exchange import SETTLED

BATCH = 100
ENDED = (*SETTLED, "out_sent", "out_expired")


class Exchange(models.Model):
    """Stored files forget end customers: the columns that tell of them are emptied.

    Name, SHA-256, size and lines stay those of the file that was exchanged, and prove
    it. A file that was refused as a whole may be anything, and is erased.
    """

    _name = "oiconnect.exchange"
    _inherit = ["oiconnect.exchange", "oiconnect.customer.mixin"]

    # For who may not see end customers: the file without them.
    blanked_content = fields.Binary(compute="_compute_blanked_content")
    customer_erased_on = fields.Datetime(
        "Customers' data erased on", readonly=True, copy=False
    )

    # The nightly look for old files that still name customers.
    _customer_idx = models.Index(
        "(network_id, flow_id, create_date) WHERE customer_erased_on IS NULL"
    )

    def _compute_blanked_content(self):
        for exchange in self:
            content, _lines = exchange.sudo()._blanked(None)
            exchange.blanked_content = content and base64.b64encode(content)

    @api.model_create_multi
    def create(self, vals_list):
        """Keep the words of files, and the customers in them, out of the database."""
        unread = self.with_context(oiconnect_no_index=True)
        return super(Exchange, unread).create(vals_list).with_env(self.env)

    def write(self, vals):
        return super(Exchange, self.with_context(oiconnect_no_index=True)).write(vals)

    # ------------------------------------------------------------------
    # When
    # ------------------------------------------------------------------

    @api.model
    def _cron_erase_customers(self):
        """Empty files as old as customers are kept: orders hold what is needed."""
        networks = self.env["oiconnect.network"].with_context(active_test=False)
        for network in networks.search([("customer_days", ">", 0)]):
            while files := self._with_old_customers(network):
                files._erase_customers()
                if not self.env["ir.cron"]._commit_progress(len(files)):
                    return

    def _with_old_customers(self, network):
        limit = fields.Datetime.now() - timedelta(days=network.customer_days)
        return self.search(
            self._with_customers(network)
            & Domain("create_date", "<", limit)
            & Domain("state", "in", ENDED),
            limit=BATCH,
            order="create_date",
        )

    @api.model
    def _with_customers(self, network):
        """Return the domain of the files in which customers may be named.

        A received file of no known flow may be anything.
        """
        flows = self.env["oiconnect.flow"]._with_customers()
        unknown = Domain("flow_id", "=", False) & Domain("direction", "=", "in")
        return (
            Domain("network_id", "=", network.id)
            & Domain("customer_erased_on", "=", False)
            & (Domain("flow_id", "in", flows.ids) | unknown)
        )

    @api.model
    def _carrying(self, record):
        """Return the files in which a line is about ``record``.

        What came under the same name as one of them may be about it too.
        """
        lines = self.env["oiconnect.exchange.line"].search(
            [("res_model", "=", record._name), ("res_id", "=", record.id)]
        )
        files = lines.exchange_id | record.event_ids.exchange_id
        return files | self.search([("duplicate_of_id", "in", files.ids)])

    # ------------------------------------------------------------------
    # What
    # ------------------------------------------------------------------

    def _erase_customers(self, record=None):
        """Empty the customers of the files, or of the lines about ``record``."""
        for exchange in self:
            references = None if record is None else {exchange._name_of(record)}
            lines = exchange._blank_content(references)
            exchange._blank_errors(lines)
        if record is None:
            self.write({"customer_erased_on": fields.Datetime.now()})

    def _blank_content(self, references):
        """Return the numbers of the lines that were emptied, None for all."""
        content, lines = self._blanked(references)
        self.content = base64.b64encode(content) if content else False
        return lines

    def _blanked(self, references):
        content = self._content()
        if self._is_refused() or not content:
            return False, None
        try:
            key = self.flow_id.key_field
            return blank(content, self._format(), tells_customer, key, references)
        except (FileError, UserError):
            return False, None

    def _blank_errors(self, lines):
        """Take the values of customers' columns away from what the errors tell."""
        errors = self.error_ids.sudo().filtered(
            lambda error: lines is None or error.line in lines
        )
        known = self._other_columns()
        for error in errors.filtered(lambda error: error.column not in known):
            text = error.message or ""
            error.message = text.replace(error.value, MASK) if error.value else text
            error.value = False

    def _other_columns(self):
        """Return the names of the columns that tell nothing of customers."""
        if not self.flow_id or not self.version:
            return set()
        columns = self._format().columns
        return {c.name for c in columns if not tells_customer(str(c.path[0]))}

    def _lines_about(self, record):
        """Return the lines of the file about ``record``: ``[{column: text}]``."""
        key, wanted = self.flow_id.key_field, {self._name_of(record)}
        try:
            found = lines_of(self._content(), self._format(), key, wanted)
            return [line.cells for line in found]
        except (FileError, UserError):
            return []

    def _name_of(self, record):
        """Return what the lines of this file call ``record``."""
        return self.flow_id.key_field and record[self.flow_id.key_field]

    # ------------------------------------------------------------------
    # Afterwards
    # ------------------------------------------------------------------

    def _send_again(self):
        """What was emptied is not the file that was sent any more."""
        return super(
            Exchange, self.filtered(lambda file: not file.customer_erased_on)
        )._send_again()

    def action_send_again(self):
        if emptied := self.filtered("customer_erased_on"):
            raise UserError(
                self.env._(
                    "%s is too old to be sent again: the end customers' data was "
                    "erased from it.",
                    ", ".join(emptied.mapped("name")),
                )
            )
        return super().action_send_again()


class Flow(models.Model):
    _inherit = "oiconnect.flow"

    @api.model
    def _with_customers(self):
        """Return the flows about records with a column that may tell of a customer."""
        self.env["oiconnect.flow.column"].flush_model()
        self.flush_model(["key_field"])
        rows = self.env.execute_query(
            SQL(
                """SELECT f.flow_id
                     FROM oiconnect_flow_format f
                     JOIN oiconnect_flow flow ON flow.id = f.flow_id
                     JOIN oiconnect_flow_column c ON c.format_id = f.id
                    GROUP BY f.id
                   HAVING bool_or(c.field_path = flow.key_field)
                      AND bool_or(c.field_path IN %s
                                  OR c.field_path LIKE 'info\\_%%')""",
                (*CUSTOMER_FIELDS, "comment"),
            )
        )
        return self.browse(sorted({flow_id for (flow_id,) in rows}))


class CustomerMixin(models.AbstractModel):
    _inherit = "oiconnect.customer.mixin"

    def _erase_on_request(self):
        """The stored files forget the customer at once too."""
        files = self.env["oiconnect.exchange"].sudo()
        for record in self:
            told = files._carrying(record).filtered_domain(
                files._with_customers(record.network_id)
            )
            told._erase_customers(record)
        return super()._erase_on_request()
