from odoo import api, fields, models

from odoo.addons.oiconnect_base.bulk import insert_rows
from odoo.addons.oiconnect_base.fields import Many2oneWithoutForeignKey
from odoo.addons.oiconnect_base.models.guarded import EVERY_FIELD

from ...soap import SERVICES

DEFAULT_DAYS = 90
#: characters of an envelope and of an error that are stored
TEXT_LENGTH = 20_000
ERROR_LENGTH = 500
SERVICE_NAMES = {
    "sav": "SAV 3.0",
    "works": "Works and collective incidents 1.0",
    "schedule": "Repair appointments 5.0",
    "emutation": "E-mutation 1.2",
    "vertical_structure": "Structure verticale 1.0",
}
SERVICE_KEYS = [(key, SERVICE_NAMES[key]) for key in SERVICES]


class SoapCall(models.Model):
    """Journal of the calls of web services, of operators and of ours.

    Envelopes are stored with passwords and end customers masked (``soap.redaction``),
    those of unknown callers not at all.
    """

    _name = "oiconnect.soap.call"
    _description = "Call of a web service"
    _inherit = ["oiconnect.about.mixin", "oiconnect.journal.mixin"]
    _days_parameter, _default_days = "soap_call_days", DEFAULT_DAYS
    _log_access = False
    _order = "id desc"
    _event_fields = EVERY_FIELD

    date = fields.Datetime(required=True)
    direction = fields.Selection(
        [("in", "From the operator"), ("out", "To the operator")], required=True
    )
    service = fields.Selection(SERVICE_KEYS, required=True)
    operation = fields.Char()
    # A line of a journal outlives what it is about.
    account_id = Many2oneWithoutForeignKey("oiconnect.soap.account", "Connection")
    operator_id = Many2oneWithoutForeignKey("oiconnect.operator")
    network_id = Many2oneWithoutForeignKey("oiconnect.network")
    company_id = Many2oneWithoutForeignKey("res.company")
    res_model = fields.Char("Model")
    res_id = fields.Many2oneReference("Record", model_field="res_model")
    duration = fields.Integer("Duration (ms)")
    code = fields.Char("Return code", help="0: done; empty: the answer told none")
    is_fault = fields.Boolean("Fault")
    is_failed = fields.Boolean(
        "Failed", help="A fault, another code than 0 and 6, or no answer"
    )
    remote_address = fields.Char("Caller's address")
    request = fields.Text()
    answer = fields.Text()
    error = fields.Char()

    # The list, its first months; the nightly erasure; next to nothing to keep up.
    _date_idx = models.Index("USING brin (date)")
    # Calls about a ticket, shown on its form.
    _record_idx = models.Index("(res_model, res_id, id)")
    # Calls of a connection, newest first.
    _account_idx = models.Index("(account_id, id)")
    # Calls and failures of the last day, by service: service = x and date >= y
    _service_idx = models.Index("(service, direction, date)")

    @api.depends("service", "operation")
    def _compute_display_name(self):
        labels = dict(self._fields["service"]._description_selection(self.env))
        for call in self:
            names = (labels.get(call.service), call.operation)
            call.display_name = " – ".join(filter(None, names))

    @api.model
    @api.private
    def _log(self, **values):
        """Write one line of the journal in this transaction.

        Who rolls back what a call did writes its line afterwards.

        :param values: columns; ``account`` in place of the four columns that follow
            from it, ``record`` in place of ``res_model`` and ``res_id``; texts are cut
        """
        insert_rows(self.env, self._table, [self._row(values)])

    @api.model
    def _row(self, values):
        account, record = values.pop("account", None), values.pop("record", None)
        row = {"date": fields.Datetime.now(), "is_fault": False, **values}
        if account:
            row |= {
                "account_id": account.id,
                "operator_id": account.operator_id.id,
                "network_id": account.network_id.id,
                "company_id": account.company_id.id,
            }
        if record:
            row |= {"res_model": record._name, "res_id": record.id}
        code = row.get("code")
        row["code"] = None if code is None or code is False else str(code)
        is_success = row["code"] in (None, "0", "6")
        row["is_failed"] = bool(row["is_fault"] or row.get("error") or not is_success)
        for name, length in (
            ("request", TEXT_LENGTH),
            ("answer", TEXT_LENGTH),
            ("error", ERROR_LENGTH),
        ):
            row[name] = (row.get(name) or "").replace("\0", "")[:length] or None
        return row
