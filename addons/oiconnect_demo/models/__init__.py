from . import demo, res_users
