from . import exchanges
from . import flows
from . import publications
