"""History of the objects of the network: what changed, when, by whom."""

from . import change
from . import tracked
