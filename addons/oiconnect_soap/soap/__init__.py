"""SOAP services of Interop'Fibre in plain Python: contracts, envelopes, codes.

Nothing here imports Odoo. Bytes come in and payloads go out, or the reverse; the one
failure of reading is a ``SoapFault``, the one of writing a ``PayloadError``.
"""

from .answer import (
    CONTENT_TYPE,
    PayloadError,
    answer,
    fault,
    http_headers,
    request,
    return_answer,
)
from .contract import Field, Operation, Service, selected
from .documents import document, schema
from .envelope import Envelope, Problem, Reply, missing, read_reply, read_request
from .faults import SoapFault
from .metadata import is_metadata, metadata
from .redaction import redacted
from .safe_xml import Limits
from .services import SERVICES

__all__ = [
    "CONTENT_TYPE",
    "SERVICES",
    "Envelope",
    "Field",
    "Limits",
    "Operation",
    "PayloadError",
    "Problem",
    "Reply",
    "Service",
    "SoapFault",
    "answer",
    "document",
    "fault",
    "http_headers",
    "is_metadata",
    "metadata",
    "missing",
    "read_reply",
    "read_request",
    "redacted",
    "request",
    "return_answer",
    "schema",
    "selected",
]
