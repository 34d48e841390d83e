from . import incident
from . import impact
