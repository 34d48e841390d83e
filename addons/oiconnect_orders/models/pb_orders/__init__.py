from . import pb_order
from . import workflow
from . import receipt
from . import follow_up
from . import building
