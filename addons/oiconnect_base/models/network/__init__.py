from . import network
from . import network_mixin
from . import network_choice_mixin
from . import commune
