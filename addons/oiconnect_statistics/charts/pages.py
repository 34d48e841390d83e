"""All pages of statistics."""

from .network import INFRASTRUCTURE
from .orders import ORDERS
from .rates import EQUAL_TREATMENT, QUALITY
from .tickets import SAV

PAGES = {
    page.key: page for page in (ORDERS, SAV, INFRASTRUCTURE, EQUAL_TREATMENT, QUALITY)
}
