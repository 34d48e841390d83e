from . import reason
from . import mutation_reason
from . import decision
