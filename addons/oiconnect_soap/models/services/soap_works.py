from odoo import api, models, tools

from odoo.addons.oiconnect_interop.parameters import number

from ...soap import SoapFault, codes
from ...soap.services import works

KEY = works.SERVICE.key
NATURES = "work_nature"
#: works that one answer tells, unless the setting says otherwise
DEFAULT_QUOTA = 500
YES, NO = "OUI", "NON"
# Keys of the answer that are a yes or a no
_FLAGS = ("operator_needed", "repair")


class SoapServer(models.AbstractModel):
    """getInfoTravauxFTTH: planned works and collective incidents, for operators.

    Interop'Fibre SAV 3.0 §7.1. Class 200 of return codes is empty: 4 tells criteria
    that cannot be, 5 that nothing is found, 7 that the quota is passed, all by a fault.
    """

    _inherit = "oiconnect.soap.server"

    @api.model
    def _handlers(self):
        return super()._handlers() | {(KEY, "getInfoTravauxFTTH"): "_find_works"}

    def _find_works(self, call):
        """Return the works and incidents that concern the caller."""
        self._check_works_header(call)
        criteria = dict(call.envelope.payload)
        if "operator_needed" in criteria:
            criteria["operator_needed"] = criteria["operator_needed"] == YES
        account = call.account
        payloads, refusals = self.env["oiconnect.works.search"]._find(
            account.operator_id, account.network_id, criteria, self._works_quota()
        )
        if refusals:
            raise SoapFault(int(refusals[0].code), operation=call.operation)
        return {"works": [_on_the_wire(payload) for payload in payloads]}

    def _check_works_header(self, call):
        """Refuse a header that names other parties than those of the connection.

        Specifications before 2.10 swap the two SIRENs: both orders are read (§2).
        """
        account = call.account
        asks = works.operator_siren(call.envelope.header, {account.network_id.siren})
        known = account.operator_id.siren
        if not asks or (known and asks != known):
            raise SoapFault(codes.NO_ACCESS, operation=call.operation)

    @api.model
    def _works_quota(self):
        return int(number(self.env, "works_quota", DEFAULT_QUOTA))

    @api.model
    def _lists(self, service, archived=False):
        lists = super()._lists(service, archived)
        return self._works_lists(archived) if service.key == KEY else lists

    @api.model
    @tools.ormcache("archived")
    def _works_lists(self, archived):
        """Return all lists, with the natures that administrators keep."""
        env = self.env(su=True, context={"active_test": not archived})
        natures = env["oiconnect.ticket.code"].search([("code_list", "=", NATURES)])
        return dict(codes.LISTS) | {NATURES: tuple(natures.mapped("code"))}


def _on_the_wire(payload):
    """Return the payload with its flags as the contract spells them."""
    flags = {
        name: YES if payload[name] else NO
        for name in _FLAGS
        if payload[name] is not None
    }
    return payload | flags
