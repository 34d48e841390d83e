from . import pb_order_new
