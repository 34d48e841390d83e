"""What several objects of the network share: address, capacity, path of states."""

from . import neighbours
from . import infra_mixin
from . import located
from . import addressed
from . import capacity
from . import known_key
from . import picked
from . import state_path
from . import technician_files
