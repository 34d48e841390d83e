from werkzeug.exceptions import NotFound

from odoo import models
from odoo.http import SessionExpiredException, request

from .. import doors, replica


class IrHttp(models.AbstractModel):
    """Addresses are closed unless listed; a replica answers those that only read."""

    _inherit = "ir.http"

    def session_info(self):
        info = super().session_info()
        if self.env.user._is_internal():
            networks = self.env["oiconnect.network"]
            info["oiconnect_sandbox"] = bool(
                networks.has_access("read")
                and networks.search_count([("is_sandbox", "=", True)], limit=1)
            )
        return info

    @classmethod
    def _match(cls, path_info):
        rule, args = super()._match(path_info)
        if doors.door_of(rule).is_shut:
            raise NotFound
        return rule, args

    @classmethod
    def _pre_dispatch(cls, rule, args):
        cls._check_login(rule)
        return super()._pre_dispatch(rule, args)

    @classmethod
    def _check_login(cls, rule):
        """Ask for a log-in where Odoo asks for none, and only people are let in."""
        door = doors.door_of(rule)
        is_for_people = door.open_to == doors.PEOPLE
        needs_no_login = door.auth in doors.WITHOUT_LOGIN
        if is_for_people and needs_no_login and not request.session.uid:
            raise SessionExpiredException("Session expired")

    @classmethod
    def _post_dispatch(cls, response):
        result = super()._post_dispatch(response)
        replica.remember(request.env.cr, response)
        return result
