from . import codes
from . import delays
from . import operators
from . import tickets
from . import incidents
from . import appointments
