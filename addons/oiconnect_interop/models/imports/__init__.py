from . import import_source
from . import import_drop
from . import import_flow
