"""Webhooks without ORM: where they may go, what they say, how they are signed."""

from .addresses import check_private, check_public, check_url
from .cloud_event import CONTENT_TYPE, cloud_event, without_customer
from .signature import new_secret, signed_headers

__all__ = [
    "CONTENT_TYPE",
    "check_private",
    "check_public",
    "check_url",
    "cloud_event",
    "new_secret",
    "signed_headers",
    "without_customer",
]
