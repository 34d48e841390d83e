from . import network
from . import res_config_settings
