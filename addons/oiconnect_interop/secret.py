"""Secrets of partners: encrypted in the database, the keys outside of it."""

import os

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from odoo.exceptions import UserError
from odoo.tools import config

KEY_VARIABLE = "OIC_SECRET_KEY"
KEY_OPTION = "oiconnect_secret_key"


def has_key():
    """Tell whether this server can keep secrets."""
    return bool(_keys())


def _keys():
    """Return the keys of this server: the first encrypts, each decrypts."""
    text = os.environ.get(KEY_VARIABLE) or config.get(KEY_OPTION) or ""
    return text.replace(",", " ").split()


def fernets(env):
    """Return what encrypts by each key of this server, in their order.

    :raises UserError: there is none, or one is no key
    """
    keys = _keys()
    if not keys:
        raise UserError(
            env._(
                "No key to keep secrets: set %(variable)s in the environment or "
                "%(option)s in the configuration file of the server.",
                variable=KEY_VARIABLE,
                option=KEY_OPTION,
            )
        )
    try:
        return [Fernet(key) for key in keys]
    except ValueError:
        raise UserError(
            env._(
                "A key of %(variable)s or %(option)s is not a Fernet key: fix the "
                "settings of the server.",
                variable=KEY_VARIABLE,
                option=KEY_OPTION,
            )
        ) from None


def encrypt(env, text):
    """Return ``text`` encrypted for the database."""
    return encrypt_bytes(env, text.encode())


def encrypt_bytes(env, content):
    """Return ``content`` encrypted for the database."""
    return fernets(env)[0].encrypt(content).decode()


def decrypt_bytes(token):
    """Return the content of ``token``; None when no key of this server reads it."""
    try:
        return MultiFernet(map(Fernet, _keys())).decrypt(token.encode())
    except (InvalidToken, ValueError):
        return None


def decrypt(env, token):
    """Return the secret of ``token``.

    :raises UserError: it was encrypted by another key
    """
    try:
        return MultiFernet(fernets(env)).decrypt(token.encode()).decode()
    except InvalidToken:
        raise UserError(
            env._(
                "The secret of this connection was kept by another server: enter it "
                "again."
            )
        ) from None
