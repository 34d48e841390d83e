"""Search of end customers, by name or telephone, in the columns that tell one."""

from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.oiconnect_infra.search_text import escaped

from .personal import phone_part

NAMES = ("customer_name", "customer_firstname")
CONTACTS = ("customer_contact1", "customer_contact2")
# The index knows words by three letters.
SHORTEST_WORD = 3
DIGITS = "regexp_replace(COALESCE(%s, ''), '[^0-9]', '', 'g')"
PHONES = f"({DIGITS} || ' ' || {DIGITS})"
# Index of the search by telephone: digits of both contacts like '%600000001%'
PHONE_INDEX = f"USING gin (({PHONES % CONTACTS}) gin_trgm_ops)"


def full_name(record):
    """Return the customer of ``record`` as people write it, "" without one."""
    return " ".join(filter(None, (record[name] for name in NAMES)))


def found_by(text):
    """Return the domain of the records whose customer has this name or telephone."""
    text = (text or "").strip()
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
