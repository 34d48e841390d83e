from . import works
from . import workflow
from . import impact
from . import payloads
from . import works_search
