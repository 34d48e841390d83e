from . import services
from . import conformance
from . import health
from . import help
from . import home
