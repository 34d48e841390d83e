"""Quality rules: settings of each network, checks, findings, alerts of the forms."""

from . import rule
from . import rule_export
from . import rule_finding
from . import rule_run
from . import checked
