from . import odoo_internals
from . import controllers
from . import models
from . import spreadsheet
from . import wizard
from .hooks import post_init_hook, pre_init_hook

odoo_internals.see_partitioned_tables()
