from . import billing_dispute
from . import billing_dispute_line
from . import billing_dispute_import
from . import billing_dispute_proof
from . import billing_dispute_refund
from . import billing_dispute_answer
from . import account_move
