import base64
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.oiconnect_import.protocol import FileError, blank, lines_of
from odoo.addons.oiconnect_orders.personal import MASK, tells_customer

from ...parameters import number
from .exchange import REFUSED, SETTLED

BATCH = 100
ENDED = (*SETTLED, "out_sent", "out_expired")
DEFAULT_REFUSED_DAYS = 90


class Exchange(models.Model):
    """Erasure: end customers in stored files, and files refused as a whole.

    The columns that tell of customers are emptied. Name, SHA-256, size and lines stay
    those of the file that was exchanged, and prove it. A file that was refused as a
    whole may be anything, and is erased.
    """

    _inherit = "oiconnect.exchange"

    # For who may not see end customers: the file without them.
    blanked_content = fields.Binary(compute="_compute_blanked_content")
    customer_erased_on = fields.Datetime(
        "Customers' data erased on", readonly=True, copy=False
    )

    content_erased_on = fields.Datetime(
        "Content erased on",
        readonly=True,
        copy=False,
        help="A file refused as a whole is erased after some time; its name, its size "
        "and its SHA-256 are kept",
    )

    # The nightly look for old files that still name customers.
    _customer_idx = models.Index(
        "(network_id, flow_id, create_date) WHERE customer_erased_on IS NULL"
    )
    # The nightly look for old files that were refused.
    _refused_idx = models.Index(
        "(create_date) WHERE state IN ('in_refused', 'in_anomaly')"
        " AND content_erased_on IS NULL"
    )

    def _compute_blanked_content(self):
        for exchange in self:
            content, _lines = exchange.sudo()._blanked(None)
            exchange.blanked_content = content and base64.b64encode(content)

    # ------------------------------------------------------------------
    # Files old enough
    # ------------------------------------------------------------------

    @api.model
    def _cron_erase_customers(self):
        """Empty files past the retention of customers: orders hold what is needed."""
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
    # Columns of customers
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
        try:
            content = self._content()
            if self._is_refused() or not content:
                return False, None
            key = self.flow_id.key_field
            return blank(content, self._format(), tells_customer, key, references)
        except (FileError, FileNotFoundError, UserError):
            # Of a file that is lost, what names it goes too.
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
        except (FileError, FileNotFoundError, UserError):
            return []

    def _name_of(self, record):
        """Return what the lines of this file call ``record``."""
        return self.flow_id.key_field and record[self.flow_id.key_field]

    # ------------------------------------------------------------------
    # Refused files
    # ------------------------------------------------------------------

    @api.model
    def _cron_erase_refused(self):
        """Erase the content of refused files after their retention."""
        while old := self._old_refused():
            old.write({"content": False, "content_erased_on": fields.Datetime.now()})
            if not self.env["ir.cron"]._commit_progress(len(old)):
                return

    def _old_refused(self):
        days = int(number(self.env, "refused_days", DEFAULT_REFUSED_DAYS))
        if not days:
            # They are retained for ever.
            return self.browse()
        domain = [
            ("state", "in", REFUSED),
            ("content_erased_on", "=", False),
            ("create_date", "<", fields.Datetime.now() - timedelta(days=days)),
        ]
        return self.search(domain, limit=BATCH, order="create_date")


class CustomerMixin(models.AbstractModel):
    _inherit = "oiconnect.customer.mixin"

    def _erase_on_request(self):
        """The stored files forget the customer at once too."""
        files = self.env["oiconnect.exchange"].sudo()
        for record in self:
            carriers = files._carrying(record).filtered_domain(
                files._with_customers(record.network_id)
            )
            carriers._erase_customers(record)
        return super()._erase_on_request()
