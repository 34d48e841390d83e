from . import health
from . import res_config_settings
