from . import controllers
from . import geo
from . import models
