from odoo.addons.oiconnect_base import log_format, outgoing
from odoo.addons.oiconnect_base.log_redaction import redact_tables

from . import admission
from . import controllers
from . import job_runner
from . import models
from . import wizard

redact_tables("oiconnect_exchange_error")


def post_load():
    """Guard the server and its log before it serves any database."""
    log_format.install()
    outgoing.install()
    admission.install()
    job_runner.let_out()
