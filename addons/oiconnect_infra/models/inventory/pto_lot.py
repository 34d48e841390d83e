from odoo import api, fields, models
from odoo.tools import SQL

from ...pto_reference import reference_of


class PtoLot(models.Model):
    """References of PTOs made ahead, e.g. for labels: they are never given again.

    Those of PTOs that orders have made are of the same numbers.
    """

    _name = "oiconnect.pto.lot"
    _description = "Lot of PTO references"
    _inherit = "oiconnect.infra.mixin"
    _order = "id desc"
    _tracked_fields = ("name", "count")

    name = fields.Char(required=True, size=80, index="trigram")
    count = fields.Integer("Number of references", readonly=True, aggregator=None)
    references = fields.Text(readonly=True, copy=False, help="One a line")

    def init(self):
        """Make the numbers of the references: a number is given once, to one only."""
        self.env.cr.execute(
            """
            CREATE SEQUENCE IF NOT EXISTS oiconnect_pto_number MINVALUE 0;
            ALTER SEQUENCE oiconnect_pto_number OWNED BY oiconnect_pto_lot.id;
            """
        )

    @api.model
    @api.private
    def _new_references(self, network, count):
        """Return ``count`` references that neither a PTO nor a lot has.

        The sequence is shared by all networks, and not rolled back: two transactions
        never see the same number. References that were typed or imported are passed
        over.
        """
        found = []
        while len(found) < count:
            found += self._made(network.pto_prefix, count - len(found))
        return found

    @api.model
    def _made(self, prefix, count):
        self.env["oiconnect.pto"].flush_model(["reference"])
        self.env.cr.execute(
            SQL(
                "SELECT nextval('oiconnect_pto_number') FROM generate_series(1, %s)",
                count,
            )
        )
        made = [reference_of(prefix, number) for (number,) in self.env.cr.fetchall()]
        self.env.cr.execute(
            SQL("SELECT reference FROM oiconnect_pto WHERE reference = ANY(%s)", made)
        )
        taken = {reference for (reference,) in self.env.cr.fetchall()}
        return [reference for reference in made if reference not in taken]
