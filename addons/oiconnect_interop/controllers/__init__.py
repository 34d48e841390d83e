from . import import_errors
from . import health
from . import run_job
from . import soap
