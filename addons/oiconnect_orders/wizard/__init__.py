from . import access_order_decision
from . import access_order_new
from . import access_order_new_visit
from . import access_order_route
from . import customer_export
from . import appointment_choice
from . import appointment_choice_new
from . import access_order_override
