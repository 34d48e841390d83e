from . import map_view
from . import plan
from . import quality
from . import technician
from . import trace
