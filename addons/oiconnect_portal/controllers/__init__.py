from . import home
from . import lists
from . import appointments
from . import tickets
from . import services
from . import conformance
