from odoo import models
from odoo.tools.translate import LazyTranslate

from ...source import Source, paris_day

_lt = LazyTranslate(__name__)

TICKETS = (
    "oiconnect_ticket AS record JOIN oiconnect_ticket_closure_code AS closure"
    " ON closure.id = record.closure_code_id"
)
_DATES_AND_NAMES = {
    "begun": {"happened": paris_day("record.closed_date")},
    "oc_reference": "COALESCE(record.oc_key, record.reference)",
    "service_reference": "record.service_reference",
    "place": "record.pto_reference",
    "searched": {
        "oc_reference": "oc_key",
        "service_reference": "service_reference",
    },
}


class Ticket(models.Model):
    """A ticket that should not have been sent, or whose customer was absent.

    The closure code tells: it is data.
    """

    _inherit = "oiconnect.ticket"

    _billing_sources = (
        Source(
            "ticket_wrong",
            _lt("Ticket wrongly sent"),
            TICKETS,
            where="closure.wrongly_sent",
            rank=40,
            **_DATES_AND_NAMES,
        ),
        Source(
            "ticket_absence",
            _lt("Ticket: customer absent"),
            TICKETS,
            where="closure.usage = 'absence'"
            " AND NOT COALESCE(closure.wrongly_sent, FALSE)",
            rank=41,
            **_DATES_AND_NAMES,
        ),
    )
