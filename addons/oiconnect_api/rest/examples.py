"""Examples of requests and answers, made of the schemas of the document."""

import csv
from functools import cache
from importlib.resources import files

from .schemas import BY_OPERATOR, BY_USER

_JSON = "application/json"
_FORMATS = {"date": "2026-11-02", "date-time": "2026-11-02T08:30:00Z"}
_TYPES = {"string": "…", "integer": 1, "number": 1.5, "boolean": True, "null": None}
#: parameters that may be left out, and are not in the example
_PARAMETERS = {"limit": 2, "count": True, "if-match": "*"}
_FLAGS = {"true": True, "false": False}
#: optional value that examples of requests show
_OPTIONAL = "comment"


def add(document):
    """Put an example beside each request and answer of an OpenAPI document.

    What declares one keeps it. Of a request, what is needed is shown, or else one text;
    of an answer, all. A body of two forms has an example of each.
    """
    schemas = document["components"]["schemas"]
    for operations in document["paths"].values():
        for operation in operations.values():
            _Examples(schemas, operation).add()


@cache
def _words():
    """Return ``{field, resource.field or operation.field: example}``.

    What ``operator_`` precedes is of the form that an operator's key takes.
    """
    text = files(__package__).joinpath("examples.csv").read_text(encoding="utf-8")
    return {row["name"]: row["value"] for row in csv.DictReader(text.splitlines())}


class _Examples:
    """Examples of one operation."""

    def __init__(self, schemas, operation):
        self.schemas = schemas
        self.operation = operation
        name = operation["operationId"]
        # Of many as of one, unless the table says more
        self.own = (name, name.replace("_many", ""))
        self.tags = tuple(operation.get("tags", ()))

    def add(self):
        for parameter in self.operation.get("parameters", ()):
            self._add_to_parameter(parameter)
        body = self.operation.get("requestBody", {})
        self._add_to_content(body, is_request=True)
        for status, answer in self.operation["responses"].items():
            if status.startswith("2"):
                self._add_to_content(answer, is_request=False)

    def _add_to_parameter(self, parameter):
        if {"example", "examples"} & parameter.keys():
            return
        name = parameter["name"]
        if name in _PARAMETERS:
            parameter["example"] = _PARAMETERS[name]
        elif parameter.get("required"):
            parameter["example"] = self._value(name, parameter["schema"])
        elif self._is_in_table(name):
            parameter["example"] = self._word(name, parameter["schema"])

    def _add_to_content(self, holder, is_request):
        content = holder.get("content", {}).get(_JSON, {})
        if not content.get("schema") or {"example", "examples"} & content.keys():
            return
        forms = self._resolved(content["schema"]).get("oneOf")
        if not forms:
            content["example"] = self._made(content["schema"], "", is_request)
            return
        by_user, by_operator = forms
        operators = _Examples(self.schemas, self.operation)
        operators.own = (f"operator_{self.own[0]}", *self.own)
        content["examples"] = {
            BY_USER: {"value": self._made(by_user, "", is_request)},
            BY_OPERATOR: {"value": operators._made(by_operator, "", is_request)},
        }

    # ------------------------------------------------------------------
    # Values
    # ------------------------------------------------------------------

    def _made(self, schema, name, is_request):
        """Return an example of what a schema describes."""
        schema = self._resolved(schema)
        kind = schema.get("type")
        if kind == "object" and "properties" in schema:
            parts = schema["properties"]
            wanted = self._wanted(schema) if is_request else parts
            # The name of a reference is given by the field that refers.
            own = name if parts.keys() == {"id", "name"} else "name"
            return {
                one: self._made(parts[one], own if one == "name" else one, is_request)
                for one in wanted
            }
        if kind == "array":
            return [self._made(schema.get("items", {}), name, is_request)]
        return self._value(name, schema)

    def _value(self, name, schema):
        schema = self._resolved(schema)
        if (word := self._word(name, schema)) is not None:
            return word
        if examples := schema.get("examples"):
            return examples[0]
        for key in ("example", "const", "default"):
            if schema.get(key) is not None:
                return schema[key]
        if choices := schema.get("enum"):
            return choices[0]
        kind = schema.get("type")
        return _FORMATS.get(schema.get("format")) or _TYPES.get(kind, {})

    def _word(self, name, schema):
        """Return what the table says of a field, as its schema has it."""
        keys = (*(f"{scope}.{name}" for scope in (*self.own, *self.tags)), name)
        text = next((_words()[key] for key in keys if key in _words()), None)
        kind = self._resolved(schema).get("type")
        number = {"integer": int, "number": float}.get(kind)
        if kind == "boolean":
            return _FLAGS.get(text)
        if text is None or not number:
            return text
        # Of a field that refers, the table has the name, and the schema the id.
        return number(text) if text.replace(".", "").isdigit() else None

    def _resolved(self, schema):
        """Return a schema without references, nor what allows nothing."""
        while True:
            if "$ref" in schema:
                found = self.schemas[schema["$ref"].rpartition("/")[2]]
            elif parts := schema.get("anyOf") or schema.get("allOf"):
                found = next(one for one in parts if one.get("type") != "null")
            else:
                return schema
            more = {
                key: schema[key] for key in ("examples", "example") if key in schema
            }
            schema = found | more

    def _wanted(self, schema):
        """Return the names of a request that its example shows."""
        names = schema["properties"]
        wanted = [name for name in names if name in schema.get("required", ())]
        wanted += [name for name in names if self._is_in_table(name)]
        if _OPTIONAL in names:
            wanted.append(_OPTIONAL)
        texts = (name for name in names if self._is_text(names[name]))
        return list(dict.fromkeys(wanted)) or list(texts)[:1]

    def _is_in_table(self, name):
        return any(f"{scope}.{name}" in _words() for scope in self.own)

    def _is_text(self, schema):
        schema = self._resolved(schema)
        return schema.get("type") == "string" and not {"format", "enum"} & schema.keys()
