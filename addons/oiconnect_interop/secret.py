"""Secrets of partners: encrypted in the database, the key outside of it."""

import os

from cryptography.fernet import Fernet, InvalidToken

from odoo.exceptions import UserError
from odoo.tools import config

KEY_VARIABLE = "OIC_SECRET_KEY"
KEY_OPTION = "oiconnect_secret_key"


def has_key():
    """Tell whether this server can keep secrets."""
    return bool(_key())


def _key():
    return os.environ.get(KEY_VARIABLE) or config.get(KEY_OPTION)


def _fernet(env):
    key = _key()
    if not key:
        raise UserError(
            env._(
                "No key to keep secrets: set %(variable)s in the environment or "
                "%(option)s in the configuration file of the server.",
                variable=KEY_VARIABLE,
                option=KEY_OPTION,
            )
        )
    return Fernet(key)


def encrypt(env, text):
    """Return ``text`` encrypted for the database."""
    return _fernet(env).encrypt(text.encode()).decode()


def decrypt(env, token):
    """Return the secret of ``token``.

    :raises UserError: it was encrypted by another key
    """
    try:
        return _fernet(env).decrypt(token.encode()).decode()
    except InvalidToken:
        raise UserError(
            env._(
                "The secret of this connection was kept by another server: enter it "
                "again."
            )
        ) from None
