from . import soap_account
from . import soap_authentication
from . import soap_call
from . import soap_server
from . import soap_sav
from . import ir_http
from . import res_config_settings
