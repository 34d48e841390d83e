from . import api_key_new
from . import api_key_shown
