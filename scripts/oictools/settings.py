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
