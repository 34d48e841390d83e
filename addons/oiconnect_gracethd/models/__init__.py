from . import gracethd_grid
from . import gracethd_grid_check
from . import gracethd_grid_due
from . import gracethd_table
from . import import_error
from . import import_
from . import help
