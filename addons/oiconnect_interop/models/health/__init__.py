from . import health
from . import health_figures
from . import res_config_settings
