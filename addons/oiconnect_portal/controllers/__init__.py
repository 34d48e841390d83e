from . import home
from . import lists
from . import appointments
from . import tickets
from . import services
from . import invoices
from . import guide
from . import conformance
