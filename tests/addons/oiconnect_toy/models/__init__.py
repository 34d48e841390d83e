from . import toy
from . import toy_protocol
