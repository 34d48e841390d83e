from . import log_redaction
from . import models
from . import wizard
