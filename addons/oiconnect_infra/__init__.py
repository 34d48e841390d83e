from . import geo
from . import models
