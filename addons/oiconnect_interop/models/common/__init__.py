from . import background_run
from . import progress
from . import breakage
from . import ir_attachment
from . import help
from . import quick_search
