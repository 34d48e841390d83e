from . import soap_account
from . import soap_authentication
from . import soap_call
