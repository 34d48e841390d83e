"""End customer fields of an access, and masking of their values. Plain Python."""

import re
from html import escape

# The one right by which end customers' data is read, whatever path leads to it
CUSTOMER_GROUPS = "oiconnect_base.group_access_user"
# Fields of an order, and keys of its messages, that tell who the customer is.
CUSTOMER_FIELDS = (
    "customer_name",
    "customer_firstname",
    "customer_contact1",
    "customer_contact2",
)
_BILATERAL = ("info_", "reserve_")
# What was written about the customer or by agreement: its content is unknown.
FREE_FIELDS = ("comment", "info")
MASK = "•••"
# Shorter values stand in too many other words.
_SHORTEST = 2
# Postal and INSEE codes have five digits.
_SHORTEST_PHONE = 6


def tells_customer(key):
    """Tell whether a column of this key may say who the customer is."""
    names = CUSTOMER_FIELDS + FREE_FIELDS
    return key in names or key.startswith(_BILATERAL)


def pattern_of(values):
    """Return the expression that finds any of ``values`` in a text, or None.

    A telephone number is found whatever its separators, a name in capitals or not,
    and both in HTML.
    """
    found = {str(value).strip() for value in values if value}
    parts = {
        part
        for value in found
        if len(value) >= _SHORTEST
        for part in (_expression(value), _expression(escape(value)))
    }
    if not parts:
        return None
    listed = "|".join(sorted(parts, key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{listed})(?!\w)", re.IGNORECASE)


def _expression(value):
    digits = re.sub(r"[\s.\-]", "", value)
    if digits.lstrip("+").isdigit():
        return r"[\s.\-]?".join(map(re.escape, digits))
    return re.escape(value)


def masked(text, pattern):
    """Return ``text`` with what ``pattern`` finds in it hidden."""
    return pattern.sub(MASK, text) if pattern and text else text


def masked_payload(payload, pattern, comment):
    """Return a message without its customer: keys emptied, other words unchanged.

    :param comment: what the operator wrote about the customer, emptied wherever it
        is repeated
    """
    return {
        key: _masked_value(key, value, pattern, comment)
        for key, value in payload.items()
    }


def _masked_value(key, value, pattern, comment):
    if key in CUSTOMER_FIELDS:
        return None
    if isinstance(value, str):
        return None if comment and value == comment else masked(value, pattern)
    return value


def phone_part(text):
    """Return the digits by which a telephone number, or a part, is looked for.

    Empty for another text, and for fewer digits than a code has. The country's prefix
    and the first zero are not in them: some write the one, some the other.
    """
    if re.search(r"[^\d\s.+()/\-]", text or ""):
        return ""
    typed = re.sub(r"[^\d+]", "", text or "")
    digits = typed.removeprefix("+")
    if len(digits) < _SHORTEST_PHONE:
        return ""
    return phone_end(typed) or re.sub(r"^(?:\+33|0033)?0?", "", typed).lstrip("+")


def contact_link(text):
    """Return what a tap on a telephone or an address of mail opens, else ""."""
    if "@" in text:
        return f"mailto:{text.strip()}"
    return "tel:" + re.sub(r"[^\d+]", "", text) if phone_end(text) else ""


def phone_end(text):
    """Return the nine last digits of a telephone number, empty for another text."""
    digits = re.sub(r"\D", "", text or "")
    letters = re.sub(r"[\d\s.+()/\-]", "", text or "")
    return digits[-9:] if len(digits) >= 9 and not letters else ""
