from . import common
from . import flows
from . import accounts
from . import exchanges
from . import imports
from . import publications
from . import health
