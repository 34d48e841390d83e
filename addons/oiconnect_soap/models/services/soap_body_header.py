import uuid

from odoo import fields, models

from ...soap import SoapFault, codes


class SoapServer(models.AbstractModel):
    """Header in the body, as E-mutation and order help have it.

    Interop'Fibre Accès §8, "Shared types".
    """

    _inherit = "oiconnect.soap.server"

    def _check_operator(self, call):
        """Refuse a header that names another operator than that of the connection.

        Its identifier is a free text: any code that we know the operator by will do.
        """
        operator = call.account.operator_id
        known = {operator.interop_code, operator.arcep_code, operator.siren}
        named = call.envelope.payload["header"]["operator"]["identifier"]
        if named.upper() not in known:
            raise SoapFault(codes.NO_ACCESS, operation=call.operation)

    def _body_header(self, call):
        """Return the header of the answer, which repeats what the request says."""
        header = call.envelope.payload["header"]
        return {
            "version": header["version"],
            "answer_date": fields.Datetime.now(),
            "request_date": header["request_date"],
            "operator": header["operator"],
            "answer_identifier": str(uuid.uuid4()),
        }
