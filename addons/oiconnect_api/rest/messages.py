"""Messages that operators send by their keys, as by their files and services."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import Field

from . import schemas

#: types of the columns of files that are no texts
_COLUMNS = {
    "integer": "integer",
    "decimal": "float",
    "date": "date",
    "datetime": "datetime",
    "boolean": "boolean",
}
_RULES = {"M": "mandatory", "C": "needed in some cases"}


@dataclass(frozen=True)
class Said:
    """One thing that operators may say of a kind of record.

    :param keys: ``{key of the line: (its type, what it is)}``
    :param flow: flow whose line it is
    :param method: method of the model, where no flow tells it
    :param fixed: values of the line that the verb gives
    """

    keys: dict
    fixed: Mapping
    flow: str | None = None
    method: str | None = None


def messages_of(model):
    """Return ``{verb, or None for a creation: Said}`` of a kind of record."""
    found = {}
    for code, reception in getattr(model, "_received_flows", {}).items():
        flow = model.env["oiconnect.flow"]._by_code(code)
        if not flow or not flow._versions():
            continue
        verbs = {None: {}} if reception.creates else reception.verbs
        known = _columns(flow)
        for verb, fixed in verbs.items():
            # The address names the record that a verb is about.
            given = {*fixed, *(model._payload_fields if verb else ())}
            keys = {key: its for key, its in known.items() if key not in given}
            found[verb] = Said(keys, fixed, flow=code)
    for one in getattr(model, "_messages", ()):
        keys = {key: _key(model, key, one.kinds) for key in one.keys}
        found[one.verb] = Said(keys, one.fixed, method=one.method)
    return found


def _columns(flow):
    return {
        column.field: (schemas.said(_COLUMNS.get(column.type, "text")), _help(column))
        for column in flow._newest_format().columns
        if column.key == column.field
    }


def _help(column):
    """Return what a column is called in files, and what it takes there."""
    parts = [column.name, _RULES.get(column.rule)]
    if column.length:
        parts.append(f"{column.length} characters at most")
    if column.pairs and column.type != "boolean":
        parts.append("one of " + ", ".join(key for _wire, key in column.pairs))
    return "; ".join(filter(None, parts))


def _key(model, key, kinds):
    if key in kinds:
        return schemas.said(kinds[key]), None
    its = model._fields[key]
    return schemas.written(its, model.env), its.string


def body_model(description, verb, env):
    """Return the schema of what is said; None where operators say nothing of it.

    All may be left out: what is missing is refused with the code of the protocol.
    """
    said = description.messages.get(verb)
    if not said:
        return None
    fields: dict[str, Any] = {
        key: (kind | None, Field(None, description=text))
        for key, (kind, text) in said.keys.items()
    }
    if verb is None:
        text = "needed where the key opens several"
        fields["network_id"] = (
            schemas.RecordId | None,
            Field(None, description=text),
        )
    return schemas.message_model(description, verb, fields)
