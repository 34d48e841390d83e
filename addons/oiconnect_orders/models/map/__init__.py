from . import map_presence
