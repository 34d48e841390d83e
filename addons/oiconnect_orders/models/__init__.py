# Mixins first: customers, and places that orders name.
from . import customers
from . import network
from . import operators
from . import reasons
from . import access
from . import mutations
from . import appointments
from . import delays
from . import help
from . import quick_search
