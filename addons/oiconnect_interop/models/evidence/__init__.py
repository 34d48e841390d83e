from . import seal
from . import seal_part
from . import seal_run
from . import seal_heads
from . import seal_timestamp
from . import ir_http
from . import res_config_settings
