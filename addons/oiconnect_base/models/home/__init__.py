from . import home
from . import home_work
from . import home_start
from . import res_users_settings
