"""Charts of the page of tickets (SAV)."""

from odoo.tools.translate import LazyTranslate

from .chart import MONTH, Chart, Page, Source, Tile
from .durations import TIME_TO_REPAIR
from .rates import LATE_REPAIRS, tile_of

_lt = LazyTranslate(__name__)

TICKETS = Source("oiconnect.ticket", date_field="opened_date")
RESTORED = TIME_TO_REPAIR.source

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
        TIME_TO_REPAIR,
    ),
    (
        Tile("tickets_received", _lt("Tickets received"), TICKETS),
        Tile("tickets_restored", _lt("Service restored"), RESTORED),
        tile_of(LATE_REPAIRS),
        tile_of(TIME_TO_REPAIR),
    ),
    (MONTH,),
    months=12,
)
