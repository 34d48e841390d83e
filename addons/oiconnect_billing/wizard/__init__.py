from . import billing_indexation
from . import billing_indexation_line
