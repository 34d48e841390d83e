from . import access_order_decision
from . import access_order_new
from . import access_order_route
from . import access_order_override
