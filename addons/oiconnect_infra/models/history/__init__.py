from . import change
from . import tracked
