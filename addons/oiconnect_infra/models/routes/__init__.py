from . import route
from . import route_reservation
from . import splice
