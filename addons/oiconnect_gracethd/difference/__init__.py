"""What differs between two deliveries of a network: row by row, plain SQL."""

from .compare import Comparison
from .stages import Side

__all__ = ["Comparison", "Side"]
