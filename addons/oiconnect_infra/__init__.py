from . import controllers
from . import geo
from . import models
from . import wizard
from . import wizard
