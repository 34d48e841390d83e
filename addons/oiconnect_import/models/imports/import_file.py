import base64
import hashlib
import io
from contextlib import contextmanager

from odoo import api, fields, models

from odoo.addons.oiconnect_base.parameters import number

from ...bulk.archive import BulkFileError, Limits
from ...protocol import FileError
from ..ir_attachment import measure

# Line by line: each in the encoding that it fits
MIXED = "mixed"
ENCODINGS = [
    ("utf-8", "UTF-8"),
    ("utf-8-sig", "UTF-8 with a byte order mark"),
    ("cp1252", "Windows-1252"),
    ("latin-1", "ISO-8859-1"),
    (MIXED, "Several, line by line"),
]
MEGABYTE = 1024 * 1024
SIZE_PARAMETER = "oiconnect_import.max_import_mb"
DEFAULT_SIZE_LIMIT_MB = 2048


class Import(models.Model):
    """The file, and what its name and beginning tell of it."""

    _inherit = "oiconnect.import"

    file = fields.Binary(attachment=True, copy=False)
    # Quick search of a file by a part of its name: file_name ilike '%part%'
    file_name = fields.Char(copy=False, index="trigram")
    # Two computations: a form sends back what it may edit, which is stored unchanged.
    # Each kind of file is added by what reads it.
    kind = fields.Selection([], compute="_compute_kind", store=True, readonly=False)
    flow_version = fields.Char(
        "Version", compute="_compute_kind", store=True, readonly=False
    )
    encoding = fields.Selection(
        ENCODINGS,
        compute="_compute_encoding",
        store=True,
        readonly=False,
        help="As the beginning of the file says; another one is imposed on all lines",
    )
    read_encoding = fields.Char(
        "Encoding found", compute="_compute_nature", store=True, readonly=True
    )
    file_date = fields.Date("Date of the file", compute="_compute_nature", store=True)
    # More than an integer holds: the limit may be raised beyond 2 GB.
    file_size = fields.Float(
        "Bytes", digits=(16, 0), compute="_compute_nature", store=True
    )
    sha256 = fields.Char("SHA-256", compute="_compute_nature", store=True)
    problem = fields.Char(
        compute="_compute_nature",
        store=True,
        help="Why the file cannot be imported as it is",
    )

    @api.depends("file", "file_name", "network_id")
    def _compute_kind(self):
        for record in self:
            found, _problem = record._detected()
            record.kind = found and found.kind
            record.flow_version = found and found.version

    @api.depends("file", "file_name")
    def _compute_encoding(self):
        for record in self:
            found, _problem = record._detected()
            record.encoding = found and found.encoding

    @api.onchange("file", "file_name")
    def _onchange_file(self):
        """Take the network of which the file has the code, unless several have it."""
        found, _problem = (False, False) if self.network_id else self._detected()
        if found and found.oi_code:
            networks = self.env["oiconnect.network"].search(
                [
                    ("oi_code", "=", found.oi_code),
                    ("company_id", "in", self.env.companies.ids),
                ],
                limit=2,
            )
            self.network_id = networks if len(networks) == 1 else False

    def _forced_encoding(self):
        """Return the encoding that the user imposes, none when it is that found."""
        if self.encoding in (False, MIXED, self.read_encoding):
            return None
        return self.encoding

    @api.depends("file", "file_name", "network_id")
    @api.depends_context("lang")
    def _compute_nature(self):
        for record in self:
            found, problem = record._detected()
            record.read_encoding = found and found.encoding
            record.file_date = found and found.date
            # What is refused is not read to its end.
            record.file_size, record.sha256 = (
                record._measured() if found else (0, False)
            )
            record.problem = problem

    def _detected(self):
        """Return what the file is, and why it cannot be imported: one or the other."""
        if not self._has_file():
            return False, self._empty_text()
        try:
            with self._open_file() as raw:
                found = self._detect(raw)
            if not found:
                raise BulkFileError("unknown_kind")
            self._check_oi_code(found.oi_code)
        except FileError as error:
            return False, self._error_text(error)
        return found, False

    def _detect(self, raw):
        """Hook: return what the file ``raw`` is (:class:`Detected`), None if unknown.

        :raises FileError: it is of a kind that is known, and cannot be imported
        """
        return None

    def _empty_text(self):
        """Say that the file which was chosen holds nothing, if one was."""
        return bool(self.file_name) and self._error_text(FileError("empty_file"))

    def _measured(self):
        """Return the (size, SHA-256) of the file."""
        with self._open_file() as raw:
            digest, size = measure(raw, hashlib.sha256())
        return size, digest

    def _check_oi_code(self, code):
        network = self.network_id
        if code and network and code != network.oi_code:
            raise BulkFileError(
                "foreign_network",
                code=code,
                network=network.name,
                expected=network.oi_code,
            )

    @api.model
    def _limits(self):
        """Return the limits of a file that is imported."""
        megabytes = number(self.env, SIZE_PARAMETER, DEFAULT_SIZE_LIMIT_MB)
        return Limits(size=int(megabytes * MEGABYTE))

    @api.model
    def _error_text(self, error):
        """Return the sentence of a ``FileError`` in the user's language."""
        errors = self.env["oiconnect.import.error"]
        return errors._message_text(error.reason, error.params)

    @contextmanager
    def _open_file(self):
        """Open the file as a binary stream, where it lies if it lies on a disk.

        :raises FileError: there is none
        """
        self.ensure_one()
        attachment = self._file_attachment()
        if attachment:
            with attachment._oiconnect_open() as raw:
                yield raw
            return
        content = base64.b64decode(self.with_context(bin_size=False).file or b"")
        if not content:
            raise BulkFileError("no_file")
        yield io.BytesIO(content)

    def _has_file(self):
        """Tell whether there is one; to read the field would read it whole."""
        return bool(self._file_attachment() or self.file)

    def _file_attachment(self):
        """Return the attachment of a saved record: forms give the content itself."""
        attachments = self.env["ir.attachment"]
        if not isinstance(self.id, int):
            return attachments
        return attachments._oiconnect_of_field(self, "file")
