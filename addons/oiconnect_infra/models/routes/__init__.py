"""Optical routes: their ends, their reservation, the splices between fibres."""

from . import route
from . import route_reservation
from . import splice
