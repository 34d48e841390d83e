from . import decision
from . import decision_mixin
