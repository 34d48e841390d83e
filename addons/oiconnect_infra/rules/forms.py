"""Rules of form: what references, texts and codes look like, whoever writes them."""

from ..pto_reference import FORM as PTO_FORM
from .declaration import (
    BLOCKING,
    BUILDING,
    PBO,
    PM,
    PTO,
    RECORD,
    Compared,
    _lt,
    of,
    record_rule,
)

_ADDRESS = ("street_type", "street_name", "building_name", "city")
_MARKUP = "strpos(%(blamed)s, '<') > 0 OR strpos(%(blamed)s, '>') > 0"
# Markup has its own rule.
_REFERENCE = """%(blamed)s !~ '[<>]' AND (%(blamed)s !~ '[0-9]'
    OR %(blamed)s !~ '^[[:alnum:]][[:alnum:] ._/+#:-]*$')"""
_SIGNS = _lt(
    "A reference has letters, digits (one at least) and the signs - / . _ + # "
    "only: operators could not read another one. Correct it."
)


def _reference(target, name, message=_SIGNS, condition=_REFERENCE):
    return record_rule(
        target,
        "F1",
        (name,),
        _lt("Reference of an unusual form"),
        message,
        condition,
        compared=of(target, name),
        refused=True,
    )


def _markup(target, shown, *names, **more):
    return record_rule(
        target,
        "F2",
        names,
        _lt("Text with the signs < or >"),
        _lt("No reference or address has the signs < and >: take them away."),
        _MARKUP,
        key="markup",
        severity=BLOCKING,
        compared=of(target, shown),
        refused=True,
        **more,
    )


def _commune(target):
    return record_rule(
        target,
        "F3",
        ("insee_code",),
        _lt("INSEE code of no commune"),
        _lt(
            "No commune has this INSEE code: correct it, or add the commune in the "
            "tables of the configuration."
        ),
        # As a condition of rows: PostgreSQL asks the index for a few of them, for many
        # it reads all codes once. The index has the order of the database, cells of
        # files that of bytes.
        "%(blamed)s IS NOT NULL AND NOT EXISTS (SELECT FROM oiconnect_commune known"
        ' WHERE known.insee_code = %(blamed)s COLLATE "default")',
        key="unknown_commune",
        linked=True,
        compared=(
            *of(target, "postal_code", "city"),
            Compared(
                _lt("Known communes of this postal code"),
                f"""(SELECT string_agg(c.insee_code, ' ' ORDER BY c.insee_code)
                       FROM oiconnect_commune c
                      WHERE %({target}_postal_code)s
                            = ANY(string_to_array(c.postal_codes, ' ')))""",
            ),
        ),
        refused=True,
    )


RULES = (
    _reference(BUILDING, "identifier"),
    _reference(PM, "reference"),
    _reference(PBO, "reference"),
    _reference(
        PTO,
        "reference",
        _lt(
            "The reference of a PTO is OO-XXXX-XXXX, without the letters I and O after "
            "the first dash: correct it."
        ),
        f"%(blamed)s !~ '^{PTO_FORM.pattern}$' AND %(blamed)s !~ '[<>]'",
    ),
    _markup(BUILDING, "address", "identifier", *_ADDRESS),
    _markup(PM, "address", "reference", *_ADDRESS),
    _markup(PBO, "reference", "reference", scopes=(RECORD,)),
    _markup(PTO, "reference", "reference", scopes=(RECORD,)),
    _commune(BUILDING),
    _commune(PM),
)
