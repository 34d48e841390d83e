"""Settings of a network and of the map."""

from . import network
from . import res_config_settings
