from . import exchanges
from . import flows
from . import imports
from . import publications
