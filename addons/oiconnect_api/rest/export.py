"""Whole lists as files: parameters of the request, and assembly of the rows."""

from typing import Literal

from pydantic import ConfigDict, Field, create_model
from starlette.responses import StreamingResponse

from . import schemas

NDJSON, GEOJSON = "ndjson", "geojson"
MEDIA_TYPES = {NDJSON: "application/x-ndjson", GEOJSON: "application/geo+json"}
# What only a page has
_OF_PAGE = ("sort", "limit", "cursor", "count")
_HEAD = b'{"type":"FeatureCollection","features":[\n'
_TAIL = b"\n]}\n"


class Streamed(StreamingResponse):
    """An answer whose body is made while it is sent, after the call's transaction."""

    def __init__(self, blocks, media_type, headers):
        super().__init__((), 200, headers, media_type)
        self.blocks = blocks

    async def __call__(self, scope, receive, send):
        start = {"type": "http.response.start", "status": self.status_code}
        await send(start | {"headers": self.raw_headers})
        await send({"type": "http.response.body", "stream": self.blocks})


def forms(description):
    """Return the forms that a resource has: on maps is what lies somewhere."""
    is_placed = description.resource.ends or "latitude" in description.kinds
    return (NDJSON, GEOJSON) if is_placed else (NDJSON,)


def export_model(description):
    """Return the schema of the parameters: those of the list, without its pages."""
    fields = {
        name: (its.annotation, its)
        for name, its in schemas.list_model(description).model_fields.items()
        if name not in _OF_PAGE
    }
    text = "also by the header Accept"
    form = Literal[forms(description)] | None
    fields["format"] = (form, Field(None, description=text))
    name = f"{description.model.title().replace('.', '')}Export"
    return create_model(name, __config__=ConfigDict(extra="forbid"), **fields)


def chosen_form(description, form, accept):
    """Return the requested form: by name, else by the header Accept."""
    its_forms = forms(description)
    named = (its for its in its_forms if MEDIA_TYPES[its] in (accept or ""))
    return form or next(named, NDJSON)


def answered(description, record):
    """Return what the documentation says of the content."""
    row = {"$ref": f"#/components/schemas/{record.__name__}"}
    features = {
        "type": "object",
        "description": "RFC 7946; properties are those of a record",
        "properties": {
            "type": {"const": "FeatureCollection"},
            "features": {"type": "array", "items": {"type": "object"}},
        },
        "required": ["type", "features"],
    }
    found = {NDJSON: row, GEOJSON: features}
    return {MEDIA_TYPES[form]: {"schema": found[form]} for form in forms(description)}


def framed(form, batches):
    """Yield the bytes of a file.

    :param batches: whole lines of bytes, one a row
    """
    if form == NDJSON:
        yield from batches
        return
    before = _HEAD
    for lines in batches:
        if lines:
            yield before + lines[:-1].replace(b"\n", b",\n")
            before = b",\n"
    yield (_HEAD if before is _HEAD else b"") + _TAIL
