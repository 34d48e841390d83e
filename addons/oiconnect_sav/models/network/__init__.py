from . import ticketed_place
from . import access_order
from . import building
from . import pbo
from . import pm
from . import pto
