from . import orders
from . import operators
from . import pm_orders
from . import access
from . import appointments
from . import customers
from . import pb_orders
from . import link_orders
