from . import operator
from . import event
