"""The settings show how long passwords are now. Two factors are required of nobody new:
who looks after the groups says when, as people must be told before."""

from odoo import SUPERUSER_ID, api

from odoo.addons.oiconnect_base.hooks import raise_password_length


def migrate(cr, version):
    raise_password_length(api.Environment(cr, SUPERUSER_ID, {}))
