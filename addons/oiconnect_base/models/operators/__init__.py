from . import operator
from . import operator_contact
