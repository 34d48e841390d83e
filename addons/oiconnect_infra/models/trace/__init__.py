"""Optical paths from any point to both ends, and what is missing on them."""

from . import trace
from . import trace_gap
from . import trace_hops
from . import trace_view
