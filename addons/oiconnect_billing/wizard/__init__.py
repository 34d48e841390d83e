from . import billing_indexation
from . import billing_indexation_line
from . import billing_dispute_import
from . import billing_dispute_problem
from . import billing_dispute_refusal
