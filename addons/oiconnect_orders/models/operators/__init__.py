from . import operator
from . import pm_service
from . import operator_position
