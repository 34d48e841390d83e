from . import trace
from . import trace_gap
from . import trace_hops
from . import trace_view
