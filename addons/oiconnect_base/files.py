"""Files that people upload, and files that controllers answer with."""

import base64
import binascii
import tempfile

from werkzeug.wsgi import wrap_file

from odoo.exceptions import AccessError, UserError
from odoo.http import content_disposition, request

#: types of content, by the end of a file's name
KINDS = {
    "csv": "text/csv; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "pdf": "application/pdf",
    "svg": "image/svg+xml; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
UNKNOWN = "application/octet-stream"


def download_name(name):
    """Return a file's name as a header holds it: in one line, without controls."""
    return "".join(sign if sign.isprintable() else "_" for sign in name) or "_"


def uploaded(record):
    """Return the bytes of the field ``file`` of a record that a person fills."""
    try:
        return base64.b64decode(record.file or b"", validate=True)
    except binascii.Error as error:
        raise UserError(
            record.env._("The file cannot be read: choose it again.")
        ) from error


def check_export():
    """Refuse who has not the right of Odoo to export."""
    if not request.env.user.has_group("base.group_allow_export"):
        raise AccessError(request.env._("You may not export: ask for the right."))


def sent(name, content):
    """Answer with a file.

    :param name: its name, whose end tells the type of content
    :param content: bytes, a text, or an open file
    """
    if hasattr(content, "read"):
        content = wrap_file(request.httprequest.environ, content)
    name = download_name(name)
    headers = [
        ("Content-Type", KINDS.get(name.rpartition(".")[2], UNKNOWN)),
        ("Content-Disposition", content_disposition(name)),
    ]
    return request.make_response(content, headers)


def written(name, write):
    """Answer with what ``write(target)`` writes to a binary file."""
    target = tempfile.TemporaryFile()
    write(target)
    target.seek(0)
    return sent(name, target)
