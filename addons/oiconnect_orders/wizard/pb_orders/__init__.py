from . import pb_order_decision
from . import pb_order_new
