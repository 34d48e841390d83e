import base64
import hashlib
import io
from contextlib import contextmanager

from odoo import api, fields, models

from ...bulk.archive import BulkFileError, Limits
from ...bulk.detection import detect
from ...bulk.messages import message_text
from ...parameters import number
from ...protocol import FileError
from ..ir_attachment import measure

KINDS = [("ipe", "IPE"), ("cpn", "CPN")]
FLOWS = {"IPE": "ipe", "CPN": "cpn"}
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
DEFAULT_SIZE_LIMIT_MB = 2048
BLOCK = 1 << 20


class Import(models.Model):
    """The file, what its name and beginning tell of it, and where it was dropped."""

    _inherit = "oiconnect.import"

    file = fields.Binary(attachment=True, copy=False)
    # Quick search of a file by a part of its name: file_name ilike '%part%'
    file_name = fields.Char(copy=False, index="trigram")
    # Two computations: a form sends back what it may edit, which is stored unchanged.
    kind = fields.Selection(KINDS, compute="_compute_kind", store=True, readonly=False)
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

    source_id = fields.Many2one(
        "oiconnect.import.source",
        "Dropped in",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    claim_token = fields.Char(readonly=True, copy=False)
    claim_stat = fields.Char("Size and time when taken", readonly=True, copy=False)

    # What happened to the files that a look finds claimed in the account.
    _claim_uniq = models.UniqueIndex(
        "(claim_token) WHERE claim_token IS NOT NULL", "This file was already taken."
    )
    # Whether a file that is dropped was imported before.
    _name_idx = models.Index("(network_id, file_name)")

    @api.depends("file", "file_name")
    def _compute_kind(self):
        for record in self:
            found, _problem = record._detected()
            record.kind = found and FLOWS.get(found.flow, found.flow)
            record.flow_version = found and found.version

    @api.depends("file", "file_name")
    def _compute_encoding(self):
        for record in self:
            found, _problem = record._detected()
            record.encoding = found and found.encoding

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
                found = detect(
                    self.env, self.file_name, raw, self._limits(), list(FLOWS)
                )
            self._check_oi_code(found.oi_code)
        except FileError as error:
            return False, self._error_text(error)
        return found, False

    def _empty_text(self):
        """Say that the file which was chosen holds nothing, if one was."""
        # What comes from a drop is named before it is stored.
        if not self.file_name or self.source_id:
            return False
        return self._error_text(FileError("empty_file"))

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
        megabytes = number(self.env, "max_import_mb", DEFAULT_SIZE_LIMIT_MB)
        return Limits(size=int(megabytes * MEGABYTE))

    @api.model
    def _error_text(self, error):
        """Return the sentence of a ``FileError`` in the user's language."""
        return message_text(self.env, error.reason, error.params)

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

    # ------------------------------------------------------------------
    # Files of a drop
    # ------------------------------------------------------------------

    def _is_settled(self):
        """A dropped file may be put away as soon as it is stored here."""
        return True

    def _is_at_rest(self):
        return self.state != "running"

    def _is_refused(self):
        return bool(self.problem) or not self._has_file()

    def _hand_over(self):
        """Mark the import as replaced by another one."""
        self.claim_token = False
        self.flush_recordset(["claim_token"])

    def _begins(self, raw):
        """Tell whether the file ``raw`` begins with all that was taken as this one."""
        raw.seek(0)
        digest, left = hashlib.sha256(), int(self.file_size)
        while left and (block := raw.read(min(BLOCK, left))):
            digest.update(block)
            left -= len(block)
        return not left and digest.hexdigest() == self.sha256

    def _cancel_for_longer_file(self):
        """Cancel the waiting import of the beginning of a file that grew."""
        self.message_post(
            body=self.env._(
                "The file changed on the server after it was taken: it is taken again, "
                "whole, as another import."
            )
        )
        if self.state == "queued":
            self.state = "cancelled"

    def _known_file(self, network, name, digest):
        """Return the import of the same file, if there is one."""
        return self.search(
            [
                ("network_id", "=", network.id),
                ("file_name", "=", name),
                ("sha256", "=", digest),
            ],
            limit=1,
        )

    def _keep_file(self, raw):
        """Take a file of the disk as the file of this import."""
        self.env["ir.attachment"]._oiconnect_keep_file(
            raw, self, "file", name=self.file_name, mimetype="application/octet-stream"
        )
        self.invalidate_recordset(["file"])
        self.modified(["file"])

    def _refuse_unread(self, message):
        self.write({"state": "failed", "message": message})
        self.source_id._give_task(self, message)

    def _other_content_text(self):
        """Say that another file of the same name was imported, if one was."""
        known = self.search(
            [
                ("network_id", "=", self.network_id.id),
                ("file_name", "=", self.file_name),
                ("applied_date", "!=", False),
                ("id", "!=", self.id),
            ],
            limit=1,
        )
        return known and self.env._(
            "A file of this name with another content was imported on %s: compare "
            "them before you import this one.",
            fields.Datetime.context_timestamp(self, known.applied_date).strftime(
                "%d/%m/%Y %H:%M"
            ),
        )
