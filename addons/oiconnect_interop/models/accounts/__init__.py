from . import secret_mixin
from . import lock_mixin
from . import retry_mixin
from . import account
from . import claim
from . import account_claim
from . import account_poll
from . import endpoint
