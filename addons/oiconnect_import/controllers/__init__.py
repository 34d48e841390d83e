from . import import_errors
from . import run_job
