from . import customer_export
from . import flow_format_new
from . import exchange_sandbox
from . import exchange_sandbox_line
from . import exchange_sandbox_answer
from . import import_confirm
from . import publication_now
from . import publication_send
