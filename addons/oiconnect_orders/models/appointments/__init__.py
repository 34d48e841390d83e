from . import appointment_team
from . import appointment
from . import workflow
from . import booking
from . import day_map
