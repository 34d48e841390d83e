from datetime import datetime
from typing import NamedTuple

from odoo import api, fields, models


class Claimed(NamedTuple):
    """Claimed file as the polling job sees it after its transaction."""

    token: str
    name: str
    path: str
    put_path: str | bool
    date: datetime
    moved_stat: str | bool
    moved_date: datetime | bool

    @property
    def here(self):
        """Where the file is, unless the server was cut off while it was moved."""
        return self.put_path or self.path


class Claim(models.Model):
    """A file that we renamed on a server: known for a day after it was taken.

    A rename cannot be taken back. What is meant to be done is written before, in a
    transaction of its own: after a crash the file is found again under its new name,
    and no other file is taken for one of ours.
    """

    _name = "oiconnect.claim"
    _description = "File claimed on a server"
    _order = "id"
    _rec_name = "name"
    _log_access = False

    account_model = fields.Char(required=True, readonly=True)
    account_id = fields.Many2oneReference(
        model_field="account_model", required=True, readonly=True
    )
    company_id = fields.Many2one("res.company", readonly=True)
    token = fields.Char(required=True, readonly=True)
    name = fields.Char("File", required=True, readonly=True)
    path = fields.Char("Claimed as", required=True, readonly=True)
    put_path = fields.Char("Put away as", readonly=True)
    date = fields.Datetime("Claimed on", required=True, readonly=True)
    moved_stat = fields.Char("Size and time since it was taken", readonly=True)
    moved_date = fields.Datetime("So since", readonly=True)
    check_date = fields.Datetime("Next looked at on", required=True, readonly=True)

    _token_uniq = models.UniqueIndex("(token)", "This file was already claimed.")
    # Claimed files that a look lists, and those that it means to claim again.
    _path_idx = models.Index("(account_id, path)")
    _name_idx = models.Index("(account_id, name) WHERE put_path IS NULL")
    # What a look has to look at again.
    _check_idx = models.Index("(account_id, check_date)")

    def _claimed(self):
        return [Claimed(*(record[name] for name in Claimed._fields)) for record in self]

    @api.model
    def _of(self, account):
        """Return the domain of the files claimed in ``account``."""
        return [("account_model", "=", account._name), ("account_id", "=", account.id)]
