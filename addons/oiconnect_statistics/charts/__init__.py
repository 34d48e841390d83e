from .chart import MODE, MONTH, NETWORK, OPERATOR, Chart, Page, Rate, Source
from .filters import Filters, days_domain, months
from .pages import PAGES
