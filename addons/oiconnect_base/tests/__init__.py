from . import test_apart
from . import test_commune
from . import test_language
from . import test_network
from . import test_operator
from . import test_rights
from . import test_workflow
from . import test_workflow_table
