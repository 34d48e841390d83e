from . import toy
from . import toy_kinds
from . import toy_protocol
