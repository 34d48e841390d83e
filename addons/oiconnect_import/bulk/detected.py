"""What a file is, as its name and its beginning say."""

from typing import NamedTuple


class Detected(NamedTuple):
    """Kind of a file, version, encoding of its beginning, date and OI code."""

    kind: str
    version: str
    encoding: str
    date: str
    oi_code: str
