from . import map_view
