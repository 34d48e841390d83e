from . import pm_order_new
