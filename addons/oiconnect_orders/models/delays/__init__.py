from . import delay
from . import todo
from . import res_company
