from . import rule
from . import rule_export
from . import rule_run
from . import checked
