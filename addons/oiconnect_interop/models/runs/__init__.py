from . import background_run
from . import breakage
from . import progress
