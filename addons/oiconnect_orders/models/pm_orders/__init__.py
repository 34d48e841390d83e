from . import pm_report
from . import pm_order
from . import workflow
from . import receipt
from . import reports
from . import payloads
from . import follow_up
from . import pb_batch
