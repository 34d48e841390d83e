from . import flow_seed
from . import flow
from . import flow_format
from . import flow_column
from . import flow_registry
from . import flow_terms
from . import operator
