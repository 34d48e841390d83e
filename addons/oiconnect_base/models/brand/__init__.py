"""What strangers see of an infrastructure operator: its name, logo and colour."""

from . import mail_template
from . import res_company
from . import res_config_settings
