from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.oiconnect_infra.search_text import escaped

from ..personal import CUSTOMER_GROUPS, phone_part

NAMES = ("customer_name", "customer_firstname")
CONTACTS = ("customer_contact1", "customer_contact2")
# The index knows words by three letters.
SHORTEST_WORD = 3
DIGITS = "regexp_replace(COALESCE(%s, ''), '[^0-9]', '', 'g')"
PHONES = f"({DIGITS} || ' ' || {DIGITS})"


class AccessOrder(models.Model):
    """Orders are found by their customer: words of the name, or the telephone."""

    _inherit = "oiconnect.access.order"

    customer = fields.Char(
        compute="_compute_customer",
        search="_search_customer",
        groups=CUSTOMER_GROUPS,
        help="Found by the name, or by the telephone however it is written",
    )

    # Search of a customer by telephone: digits of both contacts like '%600000001%'
    _phone_idx = models.Index(f"USING gin (({PHONES % CONTACTS}) gin_trgm_ops)")

    @api.depends(*NAMES)
    def _compute_customer(self):
        for order in self:
            names = (order[name] for name in NAMES)
            order.customer = " ".join(filter(None, names))

    @api.model
    def _search_customer(self, operator, value):
        if operator != "ilike":
            return NotImplemented
        # A field that is not stored is looked for without a look at its groups.
        self._check_field_access(self._fields["customer"], "read")
        text = (value or "").strip()
        if part := phone_part(text):
            return Domain.custom(
                to_sql=lambda model, alias, query: SQL(
                    "%s LIKE %s", _phones(model, alias, query), f"%{part}%"
                )
            )
        words = [word for word in text.split() if len(word) >= SHORTEST_WORD]
        if not words:
            return _any_name("=ilike", text) if text else Domain.FALSE
        return Domain.AND(_any_name("ilike", word) for word in words)


def _any_name(operator, text):
    return Domain.OR(Domain(name, operator, escaped(text)) for name in NAMES)


def _phones(model, alias, query):
    contacts = (model._field_to_sql(alias, name, query) for name in CONTACTS)
    return SQL(PHONES, *contacts)
