from . import network
from . import network_mixin
from . import commune
from . import operator
from . import operator_contact
from . import event
from . import workflow_step
from . import workflow
