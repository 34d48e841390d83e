"""Our addons as they lie in the work tree: which exist, what they need."""

import ast
import hashlib
import os
from functools import cache

from . import settings
from .console import say

ALL = (
    "oiconnect_base oiconnect_infra oiconnect_orders oiconnect_sav"
    " oiconnect_statistics oiconnect_import oiconnect_interop oiconnect_soap"
    " oiconnect_api oiconnect_gracethd oiconnect_billing oiconnect_portal"
)
NAMES = (os.environ.get("OIC_ADDONS") or ALL).split()
# Installed by `make run` and for tests of it; the product does not have it.
DEMO = "oiconnect_demo"
# Needed since a later version than the first release. Databases of earlier versions,
# which begin as Odoo and the OCA alone, did not have them: an upgrade installs them.
ADDED_DEPENDS = {
    *("auth_oidc", "auth_passkey", "auth_password_policy_signup", "auth_totp_mail"),
    *("auth_passkey_portal", "auth_totp_portal", "base_import", "rpc"),
    *("google_gmail", "microsoft_outlook"),
}
# Neither changes what an installed database holds.
UNTRACKED = {"tests", "__pycache__", "readme"}


def manifest(name):
    return ast.literal_eval((settings.ADDONS / name / "__manifest__.py").read_text())


@cache
def present(*, demo=False):
    """Our addons that can be installed, in the order of their dependences."""
    names = []
    for name in [*NAMES, DEMO] if demo else NAMES:
        if not (settings.ADDONS / name / "__manifest__.py").is_file():
            continue
        missing = set(manifest(name).get("depends", [])) & set(NAMES) - set(names)
        if missing:
            say(f"note: {name} is left out, it needs {', '.join(sorted(missing))}")
        else:
            names.append(name)
    return names


def foreign_depends():
    """What our addons need of Odoo and the OCA, since their first release."""
    needed = {"queue_job"}
    for name in present():
        needed.update(manifest(name).get("depends", []))
    return sorted(needed - set(NAMES) - ADDED_DEPENDS)


def _files(folder, skipped):
    for path in sorted(folder.rglob("*")):
        parts = set(path.relative_to(folder).parts)
        if path.is_file() and not parts & skipped and path.suffix != ".pyc":
            yield path


def tree_hash(name, skipped=frozenset(UNTRACKED)):
    """A digest of one addon's files."""
    digest = hashlib.sha256()
    folder = settings.ADDONS / name
    for path in _files(folder, skipped):
        digest.update(str(path.relative_to(folder)).encode() + b"\0")
        digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def hashes(*, demo=False):
    return {name: tree_hash(name) for name in present(demo=demo)}


def platform_hash():
    """A digest of what lies under our addons: Odoo's tree and the Python packages."""
    digest = hashlib.sha256()
    for stamp in ("tree", "venv", "pip-runtime"):
        path = settings.HOME / "stamps" / stamp
        digest.update(path.read_bytes() if path.exists() else b"-")
    digest.update(os.environ.get("ODOO_HOME", "").encode())
    return digest.hexdigest()[:16]
