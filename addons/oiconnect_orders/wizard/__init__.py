from . import access_order_decision
