"""Charts of the page of orders."""

from odoo.tools.translate import LazyTranslate

from .chart import MONTH, Chart, Page, Source

_lt = LazyTranslate(__name__)

ACCESS = Source("oiconnect.access.order", title=_lt("Accesses"))

ORDERS = Page(
    "orders",
    _lt("Statistics of orders"),
    (
        Chart(
            "orders_by_type",
            _lt("Orders by type"),
            (
                ACCESS,
                Source("oiconnect.pm.order", title=_lt("PM")),
                Source("oiconnect.pb.order", title=_lt("PB")),
                Source("oiconnect.link.order", title=_lt("Links")),
            ),
        ),
        Chart(
            "access_by_connection",
            _lt("Access orders by connection type"),
            (ACCESS,),
            "connection_type",
        ),
        Chart("access_by_state", _lt("Access orders by state"), (ACCESS,), "state"),
        Chart(
            "access_by_operator",
            _lt("Access orders by operator"),
            (ACCESS,),
            "operator_id",
        ),
        Chart("access_by_month", _lt("Access orders by month"), (ACCESS,), MONTH),
    ),
)
