"""What an answer says against the schema of a document, and against its example."""

_TYPES = {
    "object": dict,
    "array": list,
    "string": str,
    "boolean": bool,
    "integer": int,
    "number": int | float,
    "null": type(None),
}


def errors(value, schema, schemas, place="$"):
    """Yield what is wrong with a value, by the parts of JSON Schema that we use.

    :param schemas: ``{name: schema}`` to which references lead
    """
    if "$ref" in schema:
        schema = schemas[schema["$ref"].rpartition("/")[2]]
    if parts := schema.get("anyOf") or schema.get("oneOf"):
        if all(any(errors(value, part, schemas)) for part in parts):
            yield f"{place}: {value!r} is none of {parts}"
        return
    kinds = schema.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if kinds and not any(_is(value, kind) for kind in kinds):
        yield f"{place}: {value!r} is no {kinds}"
    elif "enum" in schema and value not in schema["enum"]:
        yield f"{place}: {value!r} is not in {schema['enum']}"
    elif isinstance(value, dict):
        yield from _errors_of_object(value, schema, schemas, place)
    elif isinstance(value, list):
        for rank, one in enumerate(value):
            items = schema.get("items", {})
            yield from errors(one, items, schemas, f"{place}[{rank}]")


def differences(value, example, place="$"):
    """Yield where a value has not the form of its example: what has none agrees."""
    if value is None or example is None or not (value or isinstance(value, int)):
        return
    if isinstance(value, dict) and isinstance(example, dict):
        if example.keys() and value.keys() != example.keys():
            yield f"{place}: not alike: {sorted(value.keys() ^ example.keys())}"
            return
        for name in example:
            yield from differences(value[name], example[name], f"{place}.{name}")
    elif isinstance(value, list) and isinstance(example, list):
        for rank, one in enumerate(value):
            yield from differences(one, example[0], f"{place}[{rank}]")
    elif _kind(value) is not _kind(example):
        yield f"{place}: {value!r}, where the example has {example!r}"


def _errors_of_object(value, schema, schemas, place):
    properties = schema.get("properties", {})
    for name in schema.get("required", ()):
        if name not in value:
            yield f"{place}: without {name}"
    for name, one in value.items():
        if name in properties:
            yield from errors(one, properties[name], schemas, f"{place}.{name}")
        elif schema.get("additionalProperties", True) is False:
            yield f"{place}: {name} is not foreseen"


def _is(value, kind):
    is_flag = isinstance(value, bool) and kind != "boolean"
    return isinstance(value, _TYPES[kind]) and not is_flag


def _kind(value):
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float if is_number else type(value)
