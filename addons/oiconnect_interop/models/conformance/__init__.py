from . import signing_certificate
from . import case
from . import run
from . import run_report
from . import step
from . import step_evidence
