"""The application of a delivery to the network: plain SQL, table by table."""

from .merge import RowRefused
from .run import SETTINGS, Application, ApplyRun, leave_out_errors

__all__ = ["SETTINGS", "Application", "ApplyRun", "RowRefused", "leave_out_errors"]
