from . import access
from . import appointments
from . import customers
