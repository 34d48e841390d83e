"""Reads vector tiles back, by the letter of their specification."""


def read_tile(content):
    """Return ``{layer: [(id, [(x, y), …], properties)]}``."""
    return dict(_layer(layer) for _field, layer in _fields(content))


def _fields(content):
    place = 0

    def number():
        nonlocal place
        value = shift = 0
        while True:
            byte = content[place]
            place += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    while place < len(content):
        key = number()
        value = number()
        if key & 7 == 2:
            value, place = content[place : place + value], place + value
        yield key >> 3, value


def _numbers(content):
    # As fields without keys
    padded = b"".join(b"\x08" + content[start:end] for start, end in _spans(content))
    return [value for _field, value in _fields(padded)]


def _spans(content):
    start = 0
    for end, byte in enumerate(content, 1):
        if byte < 0x80:
            yield start, end
            start = end


def _layer(content):
    found = list(_fields(content))
    [name] = [value.decode() for field, value in found if field == 1]
    keys = [value.decode() for field, value in found if field == 3]
    values = [_value(value) for field, value in found if field == 4]
    assert dict(found)[15] == 2, "version"
    assert dict(found)[5] == 4096, "extent"
    features = [_feature(value, keys, values) for field, value in found if field == 2]
    return name, features


def _value(content):
    [(field, value)] = _fields(content)
    return value.decode() if field == 1 else value


def _feature(content, keys, values):
    found = dict(_fields(content))
    tags = _numbers(found[2])
    properties = {
        keys[key]: values[value]
        for key, value in zip(tags[::2], tags[1::2], strict=True)
    }
    places, x, y = [], 0, 0
    commands = iter(_numbers(found[4]))
    for command in commands:
        for _time in range(command >> 3):
            x += _signed(next(commands))
            y += _signed(next(commands))
            places.append((x, y))
    assert found[3] == (1 if len(places) == 1 else 2), "type"
    return found.get(1), places, properties


def _signed(value):
    return value >> 1 ^ -(value & 1)
