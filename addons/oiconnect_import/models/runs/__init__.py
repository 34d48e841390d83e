from . import own_transaction
from . import background_run
from . import failure_text
from . import progress
