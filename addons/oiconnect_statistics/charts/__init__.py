from .chart import (
    MODE,
    MONTH,
    NETWORK,
    OPERATOR,
    UNITS,
    Chart,
    Duration,
    Page,
    Rate,
    Source,
    Tile,
)
from .colours import colour_of
from .filters import Filters, days_domain, months
from .pages import PAGES, TILES
