from . import works
from . import workflow
from . import impact
from . import told
from . import works_search
