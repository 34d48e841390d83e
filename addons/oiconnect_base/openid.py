"""OpenID Connect: requests to an identity provider, checks of its tokens.

Of the specification "OpenID Connect Core 1.0": the code flow, with PKCE (RFC 7636). No
ORM.
"""

import base64
import hashlib
import hmac
import json
import secrets
import time
from typing import NamedTuple

import requests
from jose import jwt
from jose.exceptions import JOSEError

from .outgoing import way_out

#: signatures by the provider's own key; none by a secret that both have
ALGORITHMS = ["RS256", "RS384", "RS512", "ES256", "ES384", "ES512"]
REQUIRED = {f"require_{claim}": True for claim in ("aud", "iss", "exp", "iat", "sub")}
#: seconds by which two clocks may differ
LEEWAY = 60
#: seconds that one answer of the provider may take
SECONDS = 10
#: bytes of one answer
MAX_ANSWER = 1_000_000
#: log-ins of one browser that were begun, and the seconds until one is forgotten
MAX_BEGUN, BEGUN_SECONDS = 5, 600
_BEGUN = "oiconnect_openid"
#: values of `amr` (RFC 8176) that say that there was a second factor
SECOND_FACTORS = {"mfa", "otp", "hwk", "fpt", "face", "sms", "tel"}


class Refused(Exception):
    """Untrusted content of a provider or a browser; the reason is logged."""


class Proof(NamedTuple):
    """The user whom the provider named. No client can send one: it is no JSON."""

    user_id: int
    has_two_factors: bool


# -- the browser's part ----------------------------------------------------------------


def begin(session, provider_id, redirect):
    """Remember a log-in that begins; return ``(state, what is stored)``."""
    state = secrets.token_urlsafe(32)
    begun = {
        "provider": provider_id,
        "nonce": secrets.token_urlsafe(32),
        "verifier": secrets.token_urlsafe(48),
        "redirect": redirect,
        "time": time.time(),
    }
    # Another dictionary: the session sees that it has changed.
    latest = list(session.get(_BEGUN, {}).items())[1 - MAX_BEGUN :]
    session[_BEGUN] = {**dict(latest), state: begun}
    return state, begun


def take(session, state):
    """Return what the session keeps of a log-in, once.

    :raises Refused: this browser did not begin it, or too long ago
    """
    begun = dict(session.get(_BEGUN, {}))
    found = begun.pop(state, None) if isinstance(state, str) else None
    session[_BEGUN] = begun
    if not found or time.time() - found["time"] > BEGUN_SECONDS:
        raise Refused("this browser has not begun this log-in")
    return found


def challenge(verifier):
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def local_path(redirect):
    """Return the path to go to after the log-in: one of ours, or none."""
    is_ours = redirect and redirect[0] == "/" and redirect[1:2] not in ("/", "\\")
    return redirect if is_ours and redirect.isprintable() else None


# -- the provider's part ---------------------------------------------------------------


def call(method, url, **options):
    """Return the JSON that the provider answers.

    :raises Refused: it does not answer as it should
    """
    try:
        with way_out("single sign-on", SECONDS):
            return _read(method, url, **options)
    except (requests.RequestException, OSError, ValueError) as error:
        raise Refused(f"{url}: {type(error).__name__}: {error}") from None


def _read(method, url, **options):
    with requests.request(
        method, url, timeout=SECONDS, allow_redirects=False, stream=True, **options
    ) as answer:
        content = answer.raw.read(MAX_ANSWER + 1, decode_content=True)
        if answer.status_code != 200 or len(content) > MAX_ANSWER:
            raise Refused(f"{url}: status {answer.status_code}, {len(content)} bytes")
    found = json.loads(content)
    if not isinstance(found, dict):
        raise Refused(f"{url}: no object of JSON")
    return found


def verified_claims(id_token, access_token, keys, *, issuer, client_id, nonce):
    """Return the claims of an identity token.

    :param keys: the provider's public keys, as JWK
    :raises Refused: signature, issuer, audience, time or nonce are not as they must be
    """
    claims = _decoded(id_token, access_token, keys, issuer, client_id)
    audience = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
    party = claims.get("azp")
    if party not in (None, client_id) or (len(audience) > 1 and not party):
        raise Refused("the token was made for another application")
    if not hmac.compare_digest(str(claims.get("nonce")), nonce):
        raise Refused("the token answers another log-in: its nonce is wrong")
    return claims


def _decoded(id_token, access_token, keys, issuer, client_id):
    try:
        return jwt.decode(
            id_token,
            _key_of(id_token, keys),
            algorithms=ALGORITHMS,
            audience=client_id,
            issuer=issuer,
            access_token=access_token,
            options={**REQUIRED, "leeway": LEEWAY},
        )
    except (JOSEError, TypeError, ValueError, KeyError) as error:
        raise Refused(f"the token is not valid: {error}") from None


def _key_of(id_token, keys):
    """Return the key that the token names; the only one, if it names none."""
    name = jwt.get_unverified_header(id_token).get("kid")
    signing = [key for key in keys if key.get("use", "sig") == "sig"]
    found = [key for key in signing if name is None or key.get("kid") == name]
    if len(found) != 1:
        raise Refused(f"the provider has {len(found)} keys named {name}")
    return found[0]
