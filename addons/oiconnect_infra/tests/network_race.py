from odoo.addons.oiconnect_base.tests.two_transactions import TwoTransactionsCase


class NetworkRaceCase(TwoTransactionsCase):
    """Two users of one network, ``self.network_id``, at the same time."""

    #: tables of what the tests made, users before what they use
    tables = ()
    operator_ids = ()

    def _clean(self):
        with self.registry.cursor() as cr:
            self._erase_network(cr)
            env = self._env(cr)
            operators = env["oiconnect.operator"].browse(self.operator_ids)
            partners = operators.partner_id
            operators.unlink()
            partners.unlink()

    def _erase_network(self, cr):
        for table in self.tables:
            self._delete(cr, table, "network_id", self.network_id)
        cr.execute("ALTER TABLE oiconnect_change DISABLE TRIGGER append_only")
        self._delete(cr, "oiconnect_change", "network_id", self.network_id)
        cr.execute("ALTER TABLE oiconnect_change ENABLE ALWAYS TRIGGER append_only")
        self._delete(cr, "oiconnect_network", "id", self.network_id)
