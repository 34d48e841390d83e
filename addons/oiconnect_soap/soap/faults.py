"""Failure of a call, sent as a SOAP fault. The one exception that the layer raises."""

from . import codes
from .contract import Operation


class SoapFault(Exception):
    """A call that is answered by a fault.

    :param code: return code (SAV 3.0 §5), or a code of the service as text
    :param field: name on the wire of the field to blame
    :param operation: operation called, where it is identified
    :param element: name of the exception or detail element, where it is not the usual
    :param label: wording, where the code is not one of ours
    """

    def __init__(
        self,
        code: int | str,
        field: str = "",
        operation: Operation | None = None,
        element: str = "",
        label: str = "",
    ):
        super().__init__(code, field)
        self.code = code
        self.field = field
        self.operation = operation
        self.element = element
        self.label = label or codes.label(int(code), field)

    def __str__(self) -> str:
        return f"{self.code} - {self.label}"
