from . import operator_message
