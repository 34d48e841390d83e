from . import todo
from . import scheduled_mixin
from . import todo_mixin
from . import retry
from . import event
