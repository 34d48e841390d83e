from . import cofinancing
from . import pm
