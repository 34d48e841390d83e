"""Answer to a call that fails: problem details (RFC 9457)."""

import json

from werkzeug.exceptions import HTTPException

from .schemas import BY_OPERATOR, BY_USER

CONTENT_TYPE = "application/problem+json"
# Forms of one body, which are no part of a place in it
SIDES = (BY_USER, BY_OPERATOR)
#: kind → what it says, for callers who read English
TEXTS = {
    "no-key": "A key is needed: Authorization: Bearer <key id>.<secret>",
    "wrong-key": "This is no key that serves here.",
    "revoked-key": "The key was revoked: ask for another one.",
    "expired-key": "The key has expired: ask for another one.",
    "held-key": "The key is on hold: its network operator has to release it.",
    "closed-key": "The key opens nothing any more: ask for another one.",
    "locked": "Too many wrong keys came from this address.",
    "too-many-calls": "The calls that the key may make in a minute are used up.",
    "no-scope": "The key does not open this, or not for this.",
    "no-right": "The user of the key has no right to do this.",
    "unknown": "There is nothing here.",
    "wrong-method": "This is not done here.",
    "too-large": "The body is too large.",
    "not-json": "The body is to be JSON: Content-Type: application/json",
    "invalid": "Some values are not accepted.",
    "refused": "The request is refused.",
    "busy": "Somebody else is changing this: try again in a moment.",
    "no-version": "Tell which version you change: If-Match with the ETag you read.",
    "other-version": "It was changed since you read it: read it again.",
    "reused": "This Idempotency-Key came with another request.",
    "wrong-cursor": "This cursor is not of this list.",
    "wrong-request": "The request cannot be read.",
    "failed": "The server failed. The failure is in its log.",
    "unavailable": "The server cannot answer now: try again in a moment.",
}


class Problem(HTTPException):
    """A failure that the caller hears of.

    :param kind: key of ``TEXTS``, the last part of the type's URI
    :param detail: what went wrong, in the language of the caller where the product
        says it
    :param errors: ``[{"pointer" or "parameter": …, "detail": …}]``, all of them
    :param protocol_code: code of Interop'Fibre, where it has one
    """

    #: the changes made until then are committed: the answer of an operator's message
    #: reports them
    is_committed = False
    #: who called, once it is known
    caller = None

    def __init__(
        self, status, kind, detail=None, errors=(), protocol_code=None, headers=None
    ):
        super().__init__(detail or TEXTS[kind])
        self.code = status
        self.kind = kind
        self.errors = list(errors)
        self.protocol_code = protocol_code
        self.headers = dict(headers or {})
        if status == 401:
            self.headers["WWW-Authenticate"] = 'Bearer realm="oiconnect"'

    def document(self):
        """Return the body of the answer."""
        document = {
            "type": f"urn:oiconnect:problem:{self.kind}",
            "title": TEXTS[self.kind],
            "status": self.code,
            "detail": self.description,
        }
        if self.protocol_code:
            document["protocol_code"] = str(self.protocol_code)
        if self.errors:
            document["errors"] = self.errors
        return document

    def body(self):
        return json.dumps(self.document(), ensure_ascii=False).encode(errors="replace")


def of_validation(errors):
    """Return the problem of the errors that pydantic found, all at once."""
    return Problem(422, "invalid", errors=[_error_entry(error) for error in errors])


def _error_entry(error):
    place, *path = (step for step in error["loc"] if step not in SIDES)
    if place == "body":
        steps = "".join(f"/{_escaped(step)}" for step in path)
        where = {"pointer": f"#{steps}"}
    else:
        where = {"parameter": str(path[0]) if path else place}
    return where | {"detail": error["msg"]}


def _escaped(step):
    return str(step).replace("~", "~0").replace("/", "~1")
