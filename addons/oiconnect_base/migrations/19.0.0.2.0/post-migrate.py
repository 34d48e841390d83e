"""Scheduled work speaks French, as on a new database."""

from odoo import SUPERUSER_ID, api

from odoo.addons.oiconnect_base.hooks import speak_french


def migrate(cr, version):
    speak_french(api.Environment(cr, SUPERUSER_ID, {}).user)
