from . import map_view
from . import map_legend
