"""Nobody opens an account alone any more."""

from odoo import SUPERUSER_ID, api

from odoo.addons.oiconnect_billing.hooks import close_registration


def migrate(cr, version):
    close_registration(api.Environment(cr, SUPERUSER_ID, {}))
