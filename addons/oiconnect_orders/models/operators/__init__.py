from . import operator
from . import service_mixin
from . import pm_service
from . import operator_position
