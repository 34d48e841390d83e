# Mixins first: customers, and places that orders name.
from . import customers
from . import orders
from . import network
from . import operators
from . import reasons
from . import access
from . import mutations
from . import pm_orders
from . import cofinancing
from . import appointments
from . import pb_orders
from . import delays
from . import link_orders
from . import map
from . import help
from . import quick_search
from . import home
