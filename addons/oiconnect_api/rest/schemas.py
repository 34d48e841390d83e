"""Schemas of what comes in and goes out, from the description of a resource."""

import re
from contextvars import ContextVar
from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    RootModel,
    StringConstraints,
    Tag,
    create_model,
)

from . import MAX_ROWS

_HALF = re.compile("[\ud800-\udfff]")


def _storable(text):
    """Refuse what PostgreSQL has no text for: a NUL, half a character."""
    if "\x00" in text or not text.isascii() and _HALF.search(text):
        raise ValueError("not a text that can be kept")
    return text


_Storable = Annotated[str, AfterValidator(_storable)]
Text = Annotated[_Storable, StringConstraints(max_length=100_000)]
Word = Annotated[_Storable, StringConstraints(min_length=1, max_length=256)]
# All fields of a record, one by one
Names = Annotated[_Storable, StringConstraints(min_length=1, max_length=4000)]
#: what PostgreSQL's integer holds
Integer = Annotated[int, Field(ge=-(2**31), le=2**31 - 1)]
RecordId = Annotated[int, Field(ge=1, le=2**31 - 1)]
# Years that every clock, delay and column here can hold
Day = Annotated[date, Field(ge=date(1000, 1, 1), le=date(2999, 12, 31))]
Moment = Annotated[
    AwareDatetime,
    Field(ge=datetime(1000, 1, 1, tzinfo=UTC), le=datetime(2999, 12, 31, tzinfo=UTC)),
]
Number = Annotated[float, Field(allow_inf_nan=False, ge=-1e15, le=1e15)]
_SIMPLE = {
    "char": Text,
    "text": Text,
    "html": Text,
    "integer": Integer,
    "float": Number,
    "monetary": Number,
    "boolean": bool,
    "date": Day,
    "datetime": Moment,
    "many2one": RecordId,
    "json": Any,
}
_PARAMETER_TYPES = {
    "text": Word,
    "integer": Integer,
    "float": Number,
    "monetary": Number,
}


#: who asks, while its body is read: a user of ours, or an operator
BY_USER, BY_OPERATOR = "by-user", "by-operator"
asking = ContextVar("asking", default=BY_USER)


class Reference(BaseModel):
    """Another record: its id, and the name that screens show."""

    id: int
    name: str


class Problem(BaseModel):
    """Problem details (RFC 9457)."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    detail: str | None = None
    protocol_code: str | None = None
    errors: list[dict[str, str]] = []


def answer_model(description, env):
    """Return the schema of one record; operators get a part of its fields."""
    fields = {
        name: (
            _answered(its, env),
            Field(
                None,
                title=its.string,
                description=its.help,
                examples=_shown_choices(its, env),
            ),
        )
        for name, its in description.kinds.items()
    }
    fields["id"] = (int, Field())
    return create_model(
        _name(description), __config__=ConfigDict(extra="forbid"), **fields
    )


def page_model(description, record):
    return create_model(
        f"{_name(description)}Page",
        data=(list[record], Field()),
        next=(str | None, Field(None, description="cursor of the next page")),
        count=(int | None, Field(None, description="all of them, if asked for")),
    )


def many_model(description, record):
    return create_model(f"{_name(description)}Rows", data=(list[record], Field()))


def creation_model(description, env):
    """Return the schema of a record that is created; None if the API creates none."""
    if not description.created:
        return None
    model = env[description.model]
    fields = {}
    for name in description.created:
        its = model._fields[name]
        needed = its.required and not its.default and not its.compute
        needed = needed or name in description.resource.required
        kind = written(its, env)
        fields[name] = (kind, Field()) if needed else (kind | None, Field(None))
    return _input(f"New{_name(description)}", fields)


def change_model(description, env):
    """Return the schema of a change: what is left out stays as it is."""
    if not description.changed:
        return None
    model = env[description.model]
    fields = {
        name: (written(model._fields[name], env) | None, Field(None))
        for name in description.changed
    }
    return _input(f"Changed{_name(description)}", fields)


def rows_model(row):
    """Return the schema of a body with many rows."""
    rows = Annotated[list[row], Field(min_length=1, max_length=MAX_ROWS)]
    return _input(f"{row.__name__}Rows", {"rows": (rows, Field())})


def changed_row_model(change):
    """Return the schema of a row of many changes: its id, the version that was read."""
    return create_model(
        f"{change.__name__}Row",
        __base__=change,
        id=(RecordId, Field()),
        etag=(str | None, Field(None, description="ETag that was read")),
    )


def action_model(description, dialog, event, env):
    """Return the schema of the values sent with an event."""
    fields = {}
    if dialog:
        model = env[dialog.model]
        needed = model._needed_fields(env[description.model], event)
        for name in dialog.fields:
            kind = written(model._fields[name], env)
            is_needed = name in needed
            fields[name] = (kind, Field()) if is_needed else (kind | None, Field(None))
    words = "".join(part.title() for part in event.split("_"))
    return _input(f"{_name(description)}{words}", fields)


def message_model(description, verb, fields):
    """Return the schema of what an operator says with ``verb``; None makes a record."""
    words = "".join(part.title() for part in (verb or "new").split("_"))
    return _input(f"{_name(description)}Operator{words}", fields)


def said(kind):
    """Return the type of a value that an operator says."""
    return _literal(kind) if isinstance(kind, tuple) else _SIMPLE[kind]


def either(by_user, by_operator):
    """Return the schema of a body that has one form for users, one for operators."""
    if not by_user or not by_operator:
        return by_user or by_operator
    body = Annotated[
        Annotated[by_user, Tag(BY_USER)] | Annotated[by_operator, Tag(BY_OPERATOR)],
        Discriminator(lambda _given: asking.get()),
    ]
    return create_model(f"{by_user.__name__}Body", __base__=RootModel[body])


def list_model(description):
    """Return the schema of the parameters of a list."""
    fields = {
        _variable(one.name): (
            _parameter_type(one),
            Field(None, alias=one.name, description=one.help or None),
        )
        for one in description.filters.values()
    }
    sorts = [sign + name for name in description.sorts for sign in ("", "-")]
    fields |= {
        "filter": (
            list[_literal(description.named)] | None,
            Field(None, description="ready filters of the screens, all of them"),
        ),
        "sort": (_literal(sorts), Field("id")),
        "fields": (Names | None, Field(None, description="names, between commas")),
        "limit": (Annotated[int, Field(ge=1, le=MAX_ROWS)], Field(100)),
        "cursor": (Annotated[str, Field(max_length=1000)] | None, Field(None)),
        "count": (bool, Field(False, description="count all of them too")),
    }
    if not description.named:
        del fields["filter"]
    return _input(f"{_name(description)}List", fields)


def by_alias(query):
    """Return the parameters of a list by the names that callers give."""
    return {
        its.alias or name: getattr(query, name)
        for name, its in type(query).model_fields.items()
    }


def fields_model(description):
    return _input(
        f"{_name(description)}Fields",
        {"fields": (Names | None, Field(None, description="names, between commas"))},
    )


class EligibilityQuery(BaseModel):
    """Where: a building, its address, a PTO or a point."""

    model_config = ConfigDict(extra="forbid")

    operator: Word | None = Field(None, description="Interop'Fibre code")
    building_id: RecordId | None = None
    identifier: Word | None = None
    address_code: Word | None = Field(None, description="hexaclé")
    insee_code: Word | None = Field(None, description="with the two that follow")
    rivoli_code: Word | None = None
    street_number: Word | None = None
    pto_reference: Word | None = None
    latitude: float | None = Field(None, ge=-90, le=90)
    longitude: float | None = Field(None, ge=-180, le=180)


class SlotsQuery(BaseModel):
    """Where, and between which two moments."""

    model_config = ConfigDict(extra="forbid", populate_by_name=False)

    insee_code: Word
    from_: Moment = Field(alias="from")
    to: Moment
    kind: Literal["production", "repair"] = "production"
    network_id: RecordId | None = Field(
        None, description="needed where the key opens several"
    )


class Slot(BaseModel):
    """A slot that may be booked, by its reference."""

    slot: str
    start: datetime
    stop: datetime


class Slots(BaseModel):
    """What is free, by time."""

    data: list[Slot]


class Reason(BaseModel):
    """Why not: the code by which an order would be refused, and its words."""

    code: str | None
    detail: str


class Mode(BaseModel):
    """By the operator (oc), by us (oi) or for us by the operator (stoc)."""

    type: Literal["oc", "oi", "stoc"]
    eligible: bool
    reason: Reason | None


class Offer(BaseModel):
    """What can be ordered at one building, and from when."""

    building: Reference
    address: str | None
    state: str
    pm: str | None
    pto: str | None
    from_: date | None = Field(alias="from")
    modes: list[Mode]


class Offers(BaseModel):
    """Ten places at most."""

    data: list[Offer]


# ----------------------------------------------------------------------


def _input(name, fields):
    config = ConfigDict(extra="forbid", populate_by_name=False)
    return create_model(name, __config__=config, **fields)


def _name(description):
    return "".join(part.title() for part in description.resource.path.split("-"))


def _variable(name):
    return name.replace(".", "__")


def _literal(values):
    return Literal[tuple(values)]


def _choices(its, env):
    return [value for value in its.get_values(env) if isinstance(value, str)]


def _shown_choices(its, env):
    """Return the example of a selection, which the schema of an answer leaves open."""
    return _choices(its, env)[:1] or None if its.type == "selection" else None


def _answered(its, env):
    if its.type == "many2one":
        return Reference | None
    if its.type in ("many2many", "one2many"):
        return list[int]
    if its.type == "selection":
        return str | None
    kinds = {"integer": int, "float": float, "monetary": float, "datetime": datetime}
    kind = kinds.get(its.type) or {"boolean": bool, "date": date}.get(its.type, str)
    return Any if its.type == "json" else kind | None


def written(its, env):
    if its.type in ("many2many", "one2many"):
        return Annotated[list[RecordId], Field(max_length=MAX_ROWS)]
    if its.type == "selection":
        return _literal(_choices(its, env)) if _choices(its, env) else Text
    if its.type == "char" and its.size:
        return Annotated[Text, StringConstraints(max_length=its.size)]
    return _SIMPLE[its.type]


def _parameter_type(one):
    kind = _PARAMETER_TYPES.get(one.kind) or _SIMPLE[one.kind]
    if one.choices:
        kind = _literal(one.choices)
    if one.many:
        kind = Annotated[list[kind], Field(max_length=MAX_ROWS)]
    return kind | None
