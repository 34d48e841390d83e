from . import scheduled_report
from . import scheduled_report_send
from . import ir_mail_server
from . import mail_mail
