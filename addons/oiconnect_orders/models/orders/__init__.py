from . import order_mixin
from . import reception
from . import infra_order
