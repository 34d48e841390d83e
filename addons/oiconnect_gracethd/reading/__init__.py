"""Deliveries in plain Python: zips, GeoPackages, SpatiaLite files to rows of cells.

Nothing here imports the ORM. What is wrong with one file is a ``Problem``; what keeps
the whole from being read, a ``DeliveryError``.
"""

from .delivery import Delivery, Limits, looks_like_delivery, open_delivery
from .problems import DeliveryError, Problem
