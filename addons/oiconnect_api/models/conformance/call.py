from odoo import api, fields, models

from odoo.addons.oiconnect_base.bulk import insert_rows
from odoo.addons.oiconnect_base.fields import Many2oneWithoutForeignKey
from odoo.addons.oiconnect_base.models.guarded import EVERY_FIELD

LENGTH = 255


class ConformanceCall(models.Model):
    """Note of one REST call that an operator made while its run was open.

    Neither bodies nor values of parameters are stored: they may tell of end customers.
    """

    _name = "oiconnect.conformance.call"
    _description = "REST call of a run of conformance"
    _inherit = "oiconnect.own.transaction"
    _log_access = False
    _order = "id desc"
    _rec_name = "path"
    _event_fields = EVERY_FIELD

    # Runs are never erased: no foreign key, which each call would lock.
    run_id = Many2oneWithoutForeignKey("oiconnect.conformance.run", "Run")
    company_id = Many2oneWithoutForeignKey("res.company")
    date = fields.Datetime(required=True)
    method = fields.Char(required=True)
    path = fields.Char(required=True)
    parameters = fields.Char("Names of the parameters")
    status = fields.Integer("HTTP status")
    problem = fields.Char("Kind of problem")
    idempotency_key = fields.Char("Idempotency key")

    # The calls of a run.
    _run_idx = models.Index("(run_id, id)")

    @api.model
    @api.private
    def _note(self, run_id, **values):
        """Write one line in this transaction."""
        run = self.env["oiconnect.conformance.run"].sudo().browse(run_id)
        row = {
            name: value[:LENGTH].replace("\0", "") if isinstance(value, str) else value
            for name, value in values.items()
        }
        common = {"run_id": run.id, "company_id": run.company_id.id}
        insert_rows(
            self.env, self._table, [common | {"date": fields.Datetime.now()} | row]
        )

    def _note_refused(self, run_id, values):
        """Write one line whatever the call becomes: what it did is rolled back."""
        self._note(run_id, **values)
