from . import controllers
from . import models
from . import spreadsheet
from .hooks import post_init_hook, pre_init_hook
