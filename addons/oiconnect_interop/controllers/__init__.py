from . import import_errors
from . import health
