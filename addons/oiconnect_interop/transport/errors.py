"""Transport errors: a key and its parameters."""

from .names import one_line


def _lt(template):
    """Mark ``template`` for the export of terms to translate."""
    return template


MESSAGES = {
    "unreachable": _lt("The server %(host)s does not answer: %(detail)s."),
    "unknown_host_key": _lt(
        "The server %(host)s shows the key %(fingerprint)s, not the one expected: "
        "check it with the operator before you accept it."
    ),
    "no_host_key": _lt(
        "The server %(host)s shows the key %(fingerprint)s: enter it in the "
        "connection once the operator has confirmed it."
    ),
    "unknown_certificate": _lt(
        "The server %(host)s shows the certificate %(fingerprint)s, not the one "
        "expected: check it with the operator before you accept it."
    ),
    "no_certificate": _lt(
        "The server %(host)s shows the certificate %(fingerprint)s: enter it in the "
        "connection once the operator has confirmed it."
    ),
    "bad_certificate": _lt(
        "The certificate of the server %(host)s is not accepted: %(detail)s."
    ),
    "unprotected": _lt(
        "The server %(host)s does not protect the session (%(detail)s): nothing is "
        "sent to it."
    ),
    "refused": _lt("The server %(host)s refuses the log-in %(login)s."),
    "no_secret": _lt("The connection cannot be opened: %(detail)s"),
    "bad_key": _lt("The private key of the connection cannot be read."),
    "failed": _lt("The server refuses to %(action)s %(path)s: %(detail)s."),
    "short_write": _lt(
        "Only %(found)s of %(expected)s bytes of %(path)s arrived: it is sent again."
    ),
    "short_read": _lt(
        "Only %(found)s of %(expected)s bytes of %(path)s could be read: it is read "
        "again."
    ),
    "changed": _lt(
        "%(path)s changed while it was read: it is taken once it stands still."
    ),
    "too_big": _lt("%(path)s has %(size)s bytes, more than the %(limit)s allowed."),
}
# What the server refuses to do, as said in "failed".
ACTIONS = {
    "create": _lt("create"),
    "list": _lt("list"),
    "look at": _lt("look at"),
    "read": _lt("read"),
    "remove": _lt("remove"),
    "rename": _lt("rename"),
    "write": _lt("write"),
}


class TransportError(Exception):
    """The partner's server cannot do what was requested, for now or at all.

    :param reason: key of ``MESSAGES``
    """

    def __init__(self, reason, **params):
        super().__init__(reason)
        self.reason = reason
        self.params = {
            name: one_line(value) if isinstance(value, str) else value
            for name, value in params.items()
        }

    def __str__(self):
        return MESSAGES[self.reason] % self.params

    def translated(self, env):
        """Return the sentence in the language of ``env``."""
        params = dict(self.params)
        action = params.get("action")
        if action:
            params["action"] = env._(ACTIONS[action])
        return env._(MESSAGES[self.reason], **params)
