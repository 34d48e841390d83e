from . import tickets
from . import appointments
