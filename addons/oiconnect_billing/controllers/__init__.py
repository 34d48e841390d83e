from . import invoice
from . import dispute
