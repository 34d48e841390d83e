from . import projection
