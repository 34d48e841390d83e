from . import publication_now
from . import publication_send
