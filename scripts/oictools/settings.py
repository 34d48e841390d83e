"""Where things are, as scripts/env.sh says."""

import os
from pathlib import Path

ROOT = Path(os.environ.get("OIC_ROOT") or Path(__file__).resolve().parents[2])
HOME = Path(os.environ.get("OIC_HOME") or ROOT / ".oiconnect")
LOG = Path(os.environ.get("OIC_LOG") or HOME / "log")
FILESTORE = Path(os.environ.get("OIC_DATA") or HOME / "data") / "filestore"
#: holds the key that encrypts secrets of partners
KEY_FILE = Path(os.environ.get("OIC_SECRET_KEY_FILE") or HOME / "secret.key")
ADDONS = ROOT / "addons"
ODOO_BIN = os.environ.get("OIC_ODOO_BIN", "")
DATABASE = os.environ.get("OIC_DB", "oiconnect")
HTTP_PORT = int(os.environ.get("OIC_HTTP_PORT", "8069"))
SFTP_PORT = int(os.environ.get("OIC_SFTP_PORT", "2222"))
SFTP = HOME / "sftp"
#: where the demo's operators are notified of their tickets: at a server that `make run`
#: starts, unless the environment names another one
OC_SOAP_PORT = HTTP_PORT + 21
OC_SOAP_URL = (
    os.environ.get("OIC_OC_SOAP_URL") or f"http://127.0.0.1:{OC_SOAP_PORT}/sav"
)
OWN_OC_SOAP = not os.environ.get("OIC_OC_SOAP_URL")
