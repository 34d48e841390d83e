"""Signature of webhooks: who has the secret knows that an event is ours, and recent."""

import hashlib
import hmac
import secrets

TIMESTAMP_HEADER = "OIConnect-Timestamp"
SIGNATURE_HEADER = "OIConnect-Signature"
#: bytes of chance in a secret
SIZE = 32


def new_secret() -> str:
    """Return a new random secret."""
    return f"oicwh_{secrets.token_urlsafe(SIZE)}"


def signature(secret: str, timestamp: int, body: bytes) -> str:
    """Return the HMAC-SHA-256 of ``timestamp.body``, in hexadecimal."""
    text = str(timestamp).encode() + b"." + body
    return hmac.new(secret.encode(), text, hashlib.sha256).hexdigest()


def signed_headers(keys: list[tuple[str, str]], timestamp: int, body: bytes) -> dict:
    """Return the headers that prove ``body``, one signature for each valid secret.

    :param keys: ``[(id of the secret, secret)]``
    :param timestamp: seconds since 1970, of this try
    """
    signed = (f"{name}={signature(key, timestamp, body)}" for name, key in keys)
    return {
        TIMESTAMP_HEADER: str(timestamp),
        SIGNATURE_HEADER: ", ".join(signed),
    }
