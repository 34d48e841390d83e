from . import customer_export
from . import exchange_sandbox
