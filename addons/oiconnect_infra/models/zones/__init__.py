from . import zone
from . import zone_outside
from . import zone_file
