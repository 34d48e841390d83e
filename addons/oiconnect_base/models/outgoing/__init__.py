from . import fetchmail_server
from . import ir_actions_report
from . import mail_link_preview
from . import publisher_warranty_contract
