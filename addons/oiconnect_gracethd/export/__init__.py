"""A scope of the network as the tables of a delivery: plain SQL, table by table."""

from .run import NetworkExport, RangeUsedUp

__all__ = ["NetworkExport", "RangeUsedUp"]
