"""The application of a delivery to the network: plain SQL, table by table."""

from .run import SETTINGS, Application, ApplyRun, leave_out_errors

__all__ = ["SETTINGS", "Application", "ApplyRun", "leave_out_errors"]
