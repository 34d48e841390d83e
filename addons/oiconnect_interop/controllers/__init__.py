from . import health
from . import import_errors
from . import rest
from . import run_job
