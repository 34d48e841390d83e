"""The 33 checks of a delivery, each declared once; the numbers are those of the spec.

1 to 4 are what GraceTHD's own loader enforces, 5 to 25 its catalogue of checks, those
after are of deliveries of version 3.
"""

from . import addresses, areas, cables, ends, positions, structure
from .check import CHECKS, Check, CheckRun
from .places import locate
