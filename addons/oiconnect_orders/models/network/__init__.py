from . import network
from . import ordered_place
from . import known_key
from . import route
from . import building
from . import pm
from . import pto
from . import pbo
