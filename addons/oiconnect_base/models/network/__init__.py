from . import network
from . import network_mixin
from . import commune
