from . import chart_template, demo, res_users
