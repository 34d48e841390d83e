"""Deliveries in plain Python: zips, GeoPackages, SpatiaLite files to rows of cells.

Nothing here imports the ORM. What is wrong with one file is a ``Problem``; what keeps
the whole from being read, a ``DeliveryError``. ``process`` is the server's side: all
the rest but ``projection`` runs in the process that it starts (``reader``).
"""

from .delivery import Limits
from .problems import DeliveryError, Problem
from .process import Delivery, delivery_version, open_delivery
