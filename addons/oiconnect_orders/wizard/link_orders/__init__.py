from . import link_order_new
from . import infra_order_decision
