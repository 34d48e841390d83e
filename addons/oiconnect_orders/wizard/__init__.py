from . import access_order_decision
from . import customer_export
from . import appointment_choice
