from odoo.addons.oiconnect_base.log_redaction import redact_tables

from . import controllers
from . import models

redact_tables("oiconnect_soap_call")
