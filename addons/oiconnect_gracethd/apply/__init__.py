"""The application of a delivery to the network: plain SQL, table by table."""

from .merge import RowRefused
from .run import SETTINGS, Application, ApplyRun

__all__ = ["SETTINGS", "Application", "ApplyRun", "RowRefused"]
