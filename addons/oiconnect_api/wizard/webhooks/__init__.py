from . import webhook_replay
from . import webhook_secret
