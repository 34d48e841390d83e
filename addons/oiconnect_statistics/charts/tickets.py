"""Charts of the page of tickets (SAV)."""

from odoo.tools.translate import LazyTranslate

from .chart import MONTH, Chart, Page, Source

_lt = LazyTranslate(__name__)

TICKETS = Source("oiconnect.ticket", date_field="opened_date")

SAV = Page(
    "sav",
    _lt("Statistics of tickets"),
    (
        Chart("tickets_by_month", _lt("Tickets received by month"), (TICKETS,), MONTH),
        Chart("tickets_by_state", _lt("Tickets by state"), (TICKETS,), "state"),
        Chart(
            "tickets_by_operator",
            _lt("Tickets by operator"),
            (TICKETS,),
            "operator_id",
        ),
    ),
)
