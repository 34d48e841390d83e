from . import delay
from . import todo
