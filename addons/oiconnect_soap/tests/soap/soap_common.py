"""What the tests of the wire layer share: envelopes, payloads, their validation."""

import datetime
from functools import cache
from pathlib import Path

import zeep
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from lxml import etree

from ...soap import SERVICES, schema
from ...soap.codes import LISTS
from ...soap.contract import ENVELOPE, Field, Service
from ...soap.documents import FOLDER

# A busy machine must not fail a property: only what it says counts.
settings.register_profile(
    "oiconnect", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("oiconnect")

ENVELOPES = Path(__file__).parents[1] / "envelopes"
OPERATIONS = [
    (service, operation)
    for service in SERVICES.values()
    for operation in service.operations
]

TEXTS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"),
    min_size=1,
    max_size=40,
).filter(lambda text: text == text.strip())
_BY_TYPE = {
    "integer": st.integers(-(10**17), 10**17),
    "int": st.integers(-(2**31), 2**31 - 1),
    "long": st.integers(0, 10**17),
    "nonNegativeInteger": st.integers(0, 10**17),
    "boolean": st.booleans(),
    "dateTime": st.datetimes(
        datetime.datetime(1900, 1, 1), datetime.datetime(9000, 1, 1)
    ).map(lambda moment: moment.replace(microsecond=0)),
    "duration": st.integers(-(10**8), 10**8).map(
        lambda seconds: datetime.timedelta(seconds=seconds)
    ),
    "float": st.floats(-1e7, 1e7).map(lambda number: round(number, 6)),
}


def envelope(name):
    """Content of an envelope, by its path without suffix."""
    return (ENVELOPES / f"{name}.soap").read_bytes()


def envelopes(folder):
    """Names of the envelopes of ``folder``."""
    return sorted(f"{folder}/{path.stem}" for path in (ENVELOPES / folder).iterdir())


@cache
def contract_of(service: Service):
    """Return the contract as a generated client reads it, once for all of them."""
    return zeep.Client(str(FOLDER / service.wsdl)).wsdl


def leaf_values(field):
    """Strategy of the values that ``field``, without children, accepts."""
    if field.codes:
        return st.sampled_from(LISTS[field.codes])
    if field.length:
        low, high = field.length
        texts = TEXTS.map(lambda text: (text * (low or 1))[:high].strip())
        return texts.filter(lambda text: low <= len(text) and text)
    return _BY_TYPE.get(field.type, TEXTS)


@cache
def payloads(message: Field):
    """Strategy of the payloads of ``message``: compulsory values, others sometimes.

    Made once for each message: an example would cost less than its strategy.
    """
    always, sometimes = {}, {}
    for field in message.children:
        if field.flat:
            sometimes |= {child.key: leaf_values(child) for child in field.children}
            continue
        values = _values(field)
        if field.required and not field.nillable:
            always[field.key] = values
        else:
            sometimes[field.key] = values
    return st.fixed_dictionaries(always, optional=sometimes)


def _values(field):
    if field.collapsed:
        item = field.children[0]
        least = 1 if item.required or not field.required else 0
        return st.lists(_one(item), min_size=least, max_size=2)
    if field.many:
        return st.lists(_one(field), min_size=1, max_size=2)
    return _one(field)


def _one(field):
    return payloads(field).filter(bool) if field.children else leaf_values(field)


def invalid(content, service, value_namespace=""):
    """What the published schema says against header and body, or the fault's detail."""
    root = etree.fromstring(content)
    elements = [child for part in root for child in part]
    fault = root.find(f".//{{{ENVELOPE}}}Fault")
    if fault is not None:
        elements = list(fault.find("detail"))
    found = []
    for element in elements:
        compiled = schema(service, value_namespace)
        if not compiled.validate(element):
            found.append(str(compiled.error_log.last_error))
    return found
