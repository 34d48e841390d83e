from . import map_view
from . import quality
from . import trace
