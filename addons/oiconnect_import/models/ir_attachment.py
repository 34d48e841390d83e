import errno
import hashlib
import io
import os
import tempfile
import time
from contextlib import contextmanager, suppress

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.oiconnect_base.bulk import fetch_columns

_BLOCK = 1 << 20
_PREFIX = "oiconnect-"
# How a zip archive begins
_ZIP = b"PK\3\4"
# What a killed process left is taken away after so many seconds
_STALE = 86_400
# What says which file an attachment is, and where it lies
_OF_FIELD = ("res_model", "res_id", "res_field", "store_fname", "file_size")
# The largest size that an attachment can tell
_MAX_SIZE = (1 << 31) - 1


class IrAttachment(models.Model):
    """Large attachments streamed to the filestore, with constant memory."""

    _inherit = "ir.attachment"

    @api.model
    @contextmanager
    def _oiconnect_new_file(self):
        """Give a file beside the filestore's, which is gone at the end."""
        folder = self._filestore()
        os.makedirs(folder, exist_ok=True)
        with tempfile.NamedTemporaryFile(
            dir=folder, prefix=_PREFIX, delete=False
        ) as raw:
            try:
                yield raw
            finally:
                # It has another name once it is stored.
                with suppress(FileNotFoundError):
                    os.unlink(raw.name)

    @api.model
    def _oiconnect_keep_file(self, raw, record, field, **vals):
        """Make a file of ``_oiconnect_new_file`` the attachment of ``field``.

        It takes the place of the one that is there, if there is one.
        """
        place = {"res_model": record._name, "res_id": record.id, "res_field": field}
        self.search([(name, "=", value) for name, value in place.items()]).unlink()
        attachment = self.create({**place, **vals, "type": "binary"})
        digest, size = measure(raw, hashlib.sha1(usedforsecurity=False))
        if self._storage() == "db":
            raw.seek(0)
            attachment.raw = raw.read()
        else:
            attachment._oiconnect_point_to(
                self._oiconnect_move(raw, digest), digest, size
            )
        return attachment

    @api.model
    def _oiconnect_move(self, raw, digest):
        """Give the file its name in the filestore, that of its content, at once."""
        name = f"{digest[:2]}/{digest}"
        path = self._full_path(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        # In the checklist first: it is taken away if the transaction is.
        self._mark_for_gc(name)
        raw.flush()
        os.fsync(raw.fileno())
        os.replace(raw.name, path)
        return name

    def _oiconnect_point_to(self, name, digest, size):
        """Say where the content is: the ORM only writes contents that it holds."""
        self.flush_recordset()
        self.env.cr.execute(
            SQL(
                "UPDATE ir_attachment SET store_fname = %s, checksum = %s, "
                "file_size = %s WHERE id = %s",
                name,
                digest,
                min(size, _MAX_SIZE),
                self.id,
            )
        )
        self.invalidate_recordset()

    @api.autovacuum
    def _gc_oiconnect_files(self):
        """Take away what processes that were killed left unfinished."""
        oldest = time.time() - _STALE
        with suppress(FileNotFoundError), os.scandir(self._filestore()) as entries:
            for entry in entries:
                if entry.name.startswith(_PREFIX) and entry.stat().st_mtime < oldest:
                    os.unlink(entry.path)

    @api.model
    def _index(self, bin_data, file_type, checksum=None):
        """Files of the border are not searched by their words: keep them out."""
        if self.env.context.get("oiconnect_no_index"):
            return None
        return super()._index(bin_data, file_type, checksum=checksum)

    def _compute_mimetype(self, values):
        """Files of the border are handed on as they are: not looked through for a type.

        libmagic takes longer for a small file than all else that keeps it.
        """
        raw = values.get("raw")
        if not raw or not self.env.context.get("oiconnect_no_index"):
            return super()._compute_mimetype(values)
        return "application/zip" if raw.startswith(_ZIP) else "text/plain"

    @api.model
    def _oiconnect_of_field(self, record, name):
        """Return the attachment that holds a binary field of a saved record."""
        return fetch_columns(
            self.sudo(),
            _OF_FIELD,
            SQL(
                "res_model = %s AND res_id = %s AND res_field = %s"
                " ORDER BY id DESC LIMIT 1",
                record._name,
                record.id,
                name,
            ),
        )

    @contextmanager
    def _oiconnect_open(self):
        """Open the content as a binary stream, where it lies if it lies on a disk.

        :raise FileNotFoundError: it is on no disk of this node
        """
        path = self.store_fname and self._full_path(self.store_fname)
        if path and os.path.exists(path):
            with open(path, "rb") as stream:
                yield stream
            return
        content = self.raw or b""
        if self.file_size and not content:
            # To Odoo it is empty, and an operator would be answered that its file was.
            text = os.strerror(errno.ENOENT)
            raise FileNotFoundError(errno.ENOENT, text, self.store_fname)
        yield io.BytesIO(content)


def measure(raw, digest):
    """Return the (hexadecimal digest, size) of a whole file."""
    raw.flush()
    raw.seek(0)
    for block in iter(lambda: raw.read(_BLOCK), b""):
        digest.update(block)
    return digest.hexdigest(), raw.tell()
