"""Files of many lines, brought to the database by sets.

A file is copied into a staging table, checked by queries, and merged by a few
statements per kind of object. Nothing here is called by people: see the models.
"""

from . import archive
from . import conditions
from . import cpn
from . import cpn_rules
from . import cpn_targets
from . import detection
from . import errors
from . import format_check
from . import indexes
from . import ipe
from . import ipe_rules
from . import merge
from . import messages
from . import places
from . import removal
from . import rules
from . import staging
from . import target
from . import work
