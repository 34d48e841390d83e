import hashlib

from odoo import fields, models

BLOCK = 1 << 20


class Import(models.Model):
    """Where the file was dropped, and what became of it there."""

    _inherit = "oiconnect.import"

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

    def _empty_text(self):
        # What comes from a drop is named before it is stored.
        return not self.source_id and super()._empty_text()

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
