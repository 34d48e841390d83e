from . import operator
from . import operator_contact
from . import event
