from . import impact_mixin
from . import incident
from . import impact
