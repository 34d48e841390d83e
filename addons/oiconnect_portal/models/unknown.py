"""By RPC, too, a record of another is as unknown as one that does not exist.

Odoo tells them apart: ``read`` of what is missing is empty, of what is forbidden an
error, whose sentence speaks of the record's company.
"""

from functools import partial

from odoo import models
from odoo.exceptions import AccessError


class Base(models.AbstractModel):
    _inherit = "base"

    def fetch(self, field_names=None):
        fetched = super().fetch(field_names)
        if not self.env.su and self.env["ir.rule"]._hides_existence():
            self._refuse_unknown()
        return fetched

    def _refuse_unknown(self):
        records = self._origin
        unknown = records - records.exists()
        if unknown:
            raise self.env["ir.rule"]._make_access_error("read", unknown)

    def _check_access(self, operation):
        rules = self.env["ir.rule"]
        if self.env.su or not any(self._ids) or not rules._hides_existence():
            return super()._check_access(operation)
        records = self._origin
        known = records.exists()
        if denied := super(Base, known)._check_access(operation):
            return self, denied[1]
        if known != records:
            unknown = records - known
            return self, partial(rules._make_access_error, operation, unknown)
        return None


class IrRule(models.Model):
    _inherit = "ir.rule"

    def _hides_existence(self):
        """Tell whether the user is not even to know which records exist."""
        return bool(self.env.uid) and self.env.user._is_portal()

    def _make_access_error(self, operation, records):
        if not self._hides_existence():
            return super()._make_access_error(operation, records)
        return AccessError(
            self.env._("There is no such record, or it is not yours: go back.")
        )


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    def message_post(self, **kwargs):
        """Refuse first what the user may not see.

        Odoo reads the record's company before, and says when there is no record.
        """
        if not self.env.su and self.env["ir.rule"]._hides_existence():
            self.check_access("read")
        return super().message_post(**kwargs)
