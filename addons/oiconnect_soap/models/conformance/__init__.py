from . import conformance
from . import step_evidence
