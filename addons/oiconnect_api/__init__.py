from odoo.addons.oiconnect_base.log_redaction import redact_tables

from . import controllers
from . import models
from . import wizard

redact_tables("oiconnect_webhook_delivery")
