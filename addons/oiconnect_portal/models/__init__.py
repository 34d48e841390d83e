from . import operator
from . import res_partner
from . import portal_mixin
from . import shown
from . import space
from . import space_appointment
from . import space_ticket
from . import space_service
