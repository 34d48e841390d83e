from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Command, Domain
from odoo.tools import SQL

from odoo.addons.oiconnect_base.discussion import FORMER
from odoo.addons.oiconnect_orders.customer_search import (
    NAMES,
    PHONE_INDEX,
    found_by,
    full_name,
)

from ...personal import ATTACHED_TO, CUSTOMER_FIELDS, CUSTOMER_GROUPS, FREE_FIELDS

BATCH = 500
# Keys of the messages to operators that hold words of people
WORDS = ("message_content", "comment", "closure_comment")


class Ticket(models.Model):
    """End customer of a ticket: found, retained as for an order, then erased.

    References, dates, states, route, codes and steps are retained.
    """

    _inherit = "oiconnect.ticket"

    customer_erased_on = fields.Datetime("Customer erased on", readonly=True)
    customer = fields.Char(
        compute="_compute_customer",
        search="_search_customer",
        groups=CUSTOMER_GROUPS,
        help="Found by the name, or by the telephone however it is written",
    )

    # The nightly look for ended tickets that still name their customer.
    _customer_idx = models.Index(
        "(network_id, closed_date) WHERE customer_erased_on IS NULL "
        "AND closed_date IS NOT NULL"
    )
    # Search of a customer by telephone
    _phone_idx = models.Index(PHONE_INDEX)

    @api.depends(*NAMES)
    def _compute_customer(self):
        for ticket in self:
            ticket.customer = full_name(ticket)

    @api.model
    def _search_customer(self, operator, value):
        if operator != "ilike":
            return NotImplemented
        # A field that is not stored is looked for without a look at its groups.
        self._check_field_access(self._fields["customer"], "read")
        return found_by(value)

    @api.model
    def _cron_erase_customers(self):
        """Erase the customers of tickets that ended long enough ago, by batches."""
        networks = self.env["oiconnect.network"].with_context(active_test=False)
        for network in networks.search([("customer_days", ">", 0)]):
            while tickets := self._with_old_customers(network):
                tickets._erase_customers()
                if not self.env["ir.cron"]._commit_progress(len(tickets)):
                    return

    @api.model
    def _with_old_customers(self, network):
        limit = fields.Datetime.now() - timedelta(days=network.customer_days)
        return self.search(
            Domain("network_id", "=", network.id)
            & Domain("closed_date", "<", limit)
            & Domain("customer_erased_on", "=", False),
            limit=BATCH,
        )

    def _erase_customers(self):
        """Empty what tells who the customers are, and all that people wrote or joined.

        The content of words, photographs and files is unknown: they go too.
        """
        tickets = self.sudo().with_context(tracking_disable=True)
        names = dict.fromkeys(CUSTOMER_FIELDS + FREE_FIELDS, False)
        tickets.write(names | {"customer_erased_on": fields.Datetime.now()})
        tickets._delete_attachments()
        tickets._delete_operator_mails()
        tickets.task_ids.write({"instructions": False, "result": False})
        tickets.env.flush_all()
        for query in tickets._erasing_queries():
            self.env.cr.execute(query)
        # What was written by SQL is read anew.
        self.env.invalidate_all()

    def _delete_attachments(self):
        """Delete the files of tickets, of their tasks, messages and discussions.

        A photograph of a task that is the file of another record is taken off only.
        """
        tasks, attachments = self.task_ids, self.env["ir.attachment"]
        photos = tasks.photo_ids
        tasks.write({"photo_ids": [Command.clear()]})
        owners = (self, tasks, self.message_line_ids)
        attached = attachments.search(
            Domain.OR(
                Domain("res_model", "=", records._name)
                & Domain("res_id", "in", records.ids)
                for records in owners
            )
        )
        own = photos.filtered(lambda photo: photo.res_model in ATTACHED_TO)
        (attached | own).unlink()

    def _erasing_queries(self):
        """Return what empties texts that the ORM lets no user change."""
        mine = SQL("res_model = %s AND res_id = ANY(%s)", self._name, self.ids)
        tasks = self.task_ids
        of_tasks = SQL("res_model = %s AND res_id = ANY(%s)", tasks._name, tasks.ids)
        return [
            SQL(
                "UPDATE oiconnect_ticket_message SET content = NULL"
                " WHERE ticket_id = ANY(%s)",
                self.ids,
            ),
            SQL("UPDATE oiconnect_workflow_step SET note = NULL WHERE %s", mine),
            SQL("UPDATE oiconnect_workflow_step SET note = NULL WHERE %s", of_tasks),
            # What keeps a message waiting is in our own words.
            SQL(
                "UPDATE oiconnect_event SET"
                " error = CASE WHEN state = 'pending' THEN error END,"
                " payload = payload - %s::text[] WHERE %s",
                list(WORDS),
                mine,
            ),
            *(self._words_query(records) for records in (self, tasks)),
        ]

    def _words_query(self, records):
        """Return what empties the words of people, those before a change included."""
        return SQL(
            "UPDATE mail_message SET body = '', subject = NULL WHERE model = %s"
            " AND res_id = ANY(%s)"
            " AND (message_type IN ('comment', 'email') OR body LIKE %s)",
            records._name,
            records.ids,
            f"%{FORMER}%",
        )
