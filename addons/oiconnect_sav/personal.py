"""Readers and data of the end customer of a ticket. Plain Python."""

# The one right by which the end customers of tickets are read, by any path
CUSTOMER_GROUPS = "oiconnect_base.group_ticket_user"
CUSTOMER_FIELDS = (
    "customer_name",
    "customer_firstname",
    "customer_contact1",
    "customer_contact2",
)
# Whose attachments may tell who the customer is
ATTACHED_TO = (
    "oiconnect.ticket",
    "oiconnect.ticket.message",
    "oiconnect.ticket.task",
)
# What was written about the customer: its content is unknown.
FREE_FIELDS = ("customer_hours", "description", "closure_comment")
