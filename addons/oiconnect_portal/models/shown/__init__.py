from . import access_order
from . import appointment
from . import pm_order
from . import pb_order
from . import link_order
from . import ticket
from . import exchange
from . import api_key
