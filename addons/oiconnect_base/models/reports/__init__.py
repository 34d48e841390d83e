from . import scheduled_report
from . import scheduled_report_send
