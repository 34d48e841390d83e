from . import appointment_team
from . import appointment
from . import workflow
from . import line
from . import needless
from . import booking
from . import day_map
