from . import controllers
from . import geo
from . import models
from . import report
from . import wizard
