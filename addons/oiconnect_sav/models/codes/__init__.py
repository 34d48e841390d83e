from . import ticket_code
from . import closure_code
from . import wire_state
from . import ticket_answer
