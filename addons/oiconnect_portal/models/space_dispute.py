import io

from odoo import api, models
from odoo.exceptions import MissingError
from odoo.fields import Domain

from odoo.addons.oiconnect_base.exceptions import RefusedError

from .space import ROWS

# Lines of a dispute, and problems of a file, that a page shows
MAX_SHOWN = 200


class Space(models.AbstractModel):
    """Contested lines of invoices: the operator's file in, our answers out."""

    _inherit = "oiconnect.portal.space"

    @api.model
    def _disputes_domain(self):
        operator = self._operator()
        if not operator:
            return Domain.FALSE
        return Domain("operator_id", "=", operator.id) & Domain(
            "company_id", "in", self.env.companies.ids
        )

    @api.model
    def _dispute_list(self, page=1):
        """Return ``(disputes, how many in all)``, the newest first."""
        disputes = self.env["oiconnect.billing.dispute"].sudo()
        domain = self._disputes_domain()
        offset = ROWS * (page - 1)
        found = disputes.search(domain, limit=ROWS, offset=offset)
        return found, disputes.search_count(domain)

    @api.model
    def _dispute(self, dispute_id):
        """Return a dispute of the operator.

        :raises MissingError: it is unknown, or another operator's: answered alike
        """
        known = Domain("id", "=", min(dispute_id, 2**31 - 1))
        disputes = self.env["oiconnect.billing.dispute"].sudo()
        found = disputes.search(self._disputes_domain() & known)
        if not found:
            raise MissingError(self.env._("There is nothing at this address."))
        return found

    @api.model
    def _dispute_companies(self):
        """Return the companies that have invoiced the operator."""
        groups = (
            self.env["account.move"]
            .sudo()
            ._read_group(self._invoices_domain(), ["company_id"])
        )
        return self.env["res.company"].sudo().union(*(found for (found,) in groups))

    @api.model
    def _contest(self, content, name, company_id=0):
        """Contest the lines of a file; return ``(dispute, problems as shown)``.

        :raises RefusedError: no one has invoiced the operator, or there is no file
        """
        companies = self._dispute_companies()
        chosen = companies.filtered(lambda company: company.id == company_id)
        company = chosen or companies[:1]
        if not company:
            raise RefusedError(self.env._("You have no invoice to contest yet."))
        if not content:
            raise RefusedError(self.env._("Choose the file of the lines you contest."))
        operator = self._operator()
        self._wait_for_others(operator)
        disputes = self.env["oiconnect.billing.dispute"].sudo()
        dispute, problems = disputes._import_file(operator, company, content, name)
        return dispute, [
            problem._asdict() | {"advice": disputes._advice(problem.code)}
            for problem in problems
        ]

    @api.model
    def _dispute_answers(self, dispute):
        """Return ``(name, content)`` of the answers, line by line."""
        target = io.BytesIO()
        dispute._write_answers(target)
        return dispute._answers_name(), target.getvalue()
