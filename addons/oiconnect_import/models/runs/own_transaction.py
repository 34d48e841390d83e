from contextlib import contextmanager

from odoo import models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

#: tries of a transaction that another one overtakes
MAX_CONFLICTS = 5


class OwnTransaction(models.AbstractModel):
    """What is noted whatever becomes of the transaction that asks for it."""

    _name = "oiconnect.own.transaction"
    _description = "Writes in transactions of its own"

    @contextmanager
    def _own_transaction(self):
        """Give the records in a transaction that is committed on success.

        It sees one state of the database, that of its beginning. It is over before a
        server is waited for.
        """
        with self.env.registry.cursor() as cr:
            yield self.with_env(self.env(cr=cr)).sudo()

    def _in_own_transaction(self, name, *args):
        """Return what the method ``name`` returns in a transaction of its own.

        It is called again while other transactions overtake it.
        """
        for attempt in range(MAX_CONFLICTS):
            try:
                with self._own_transaction() as record:
                    return getattr(record, name)(*args)
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                if attempt + 1 == MAX_CONFLICTS:
                    raise
        return None
