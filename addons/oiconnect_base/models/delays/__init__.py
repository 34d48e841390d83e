from . import resource_calendar
from . import delay
from . import delay_count
from . import delay_miss
from . import clock_mixin
