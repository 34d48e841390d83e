"""What is wrong with a delivery: a key and parameters, worded by the ORM side."""

from typing import Any, NamedTuple

from odoo.addons.oiconnect_interop.protocol import FileError


class DeliveryError(FileError):
    """A delivery that cannot be read at all."""


class Problem(NamedTuple):
    """What is wrong with one file, or with one row of it (``line``)."""

    table: str
    file: str
    key: str
    params: dict[str, Any] = {}
    line: int = 0
    column: str = ""
    value: str = ""
    #: number of the check that it belongs to
    check: int = 1
