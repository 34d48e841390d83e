"""What the map shows: viewports, cards, searches, settings."""

from . import shown_on_map
from . import map_layer
from . import map_cell
from . import map_view
from . import map_cable
from . import map_cluster
from . import map_card
from . import map_search
from . import map_settings
from . import commune
from . import map_tile
