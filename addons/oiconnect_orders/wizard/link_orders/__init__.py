from . import link_order_new
