from . import todo
from . import todo_mixin
from . import retry
from . import event
