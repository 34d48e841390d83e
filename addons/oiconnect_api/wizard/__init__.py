from . import api
from . import webhooks
