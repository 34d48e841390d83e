from . import ir_attachment
from . import runs
from . import imports
from . import quick_search
from . import help
from . import home
