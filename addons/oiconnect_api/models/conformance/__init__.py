from . import call
from . import case
from . import run
from . import step
