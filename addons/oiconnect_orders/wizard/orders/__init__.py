from . import order_new_mixin
from . import infra_order_decision
