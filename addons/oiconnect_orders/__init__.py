from . import discreet
from . import models
from . import wizard
