"""An applied delivery is taken back from the network: plain SQL, in one transaction."""

from .dependents import Dependents
from .run import Undoing

__all__ = ["Dependents", "Undoing"]
