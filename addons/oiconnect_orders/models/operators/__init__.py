from . import operator
from . import provision
from . import pm_service
from . import operator_position
