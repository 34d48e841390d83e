import hashlib

from odoo import fields, models
from odoo.tools.translate import LazyTranslate

from ..transport import TransportError
from .import_check import MODES, ON_ERROR
from .stored_file import measure

_lt = LazyTranslate(__name__)

BLOCK = 1 << 20
AFTERWARDS = [
    ("wait", "Wait for a person"),
    ("check", "Check, and wait for a person"),
    ("apply", "Apply"),
]


class ImportSource(models.Model):
    """Account where systems of the OI drop the files that are to be imported."""

    _name = "oiconnect.import.source"
    _description = "Import drop"
    _created_text = _lt("Import drop created")
    _inherit = "oiconnect.account.mixin"
    _free_fields = ("afterwards", "mode", "on_error")
    _order = "network_id, name"
    _job_prefix = "oiconnect-import-source"

    in_folder = fields.Char("Files to import", default="import")
    archive_folder = fields.Char(default="import/archive")
    error_folder = fields.Char(default="import/error")
    day_files = fields.Integer(default=1_000)
    day_megabytes = fields.Integer(default=20_000)
    afterwards = fields.Selection(
        AFTERWARDS, "Once received", required=True, default="check"
    )
    mode = fields.Selection(MODES, required=True, default="update")
    on_error = fields.Selection(ON_ERROR, "On error", required=True, default="skip")
    responsible_id = fields.Many2one(
        required=True,
        default=lambda self: self.env.user,
        help="In whose name files are imported, and who is told what goes wrong",
    )
    import_count = fields.Integer("Number of imports", compute="_compute_import_count")

    _folder_uniq = models.UniqueIndex(
        "(host, port, login, in_folder) WHERE active",
        "Files of this folder are imported already.",
    )

    def _compute_import_count(self):
        counts = dict(
            self.env["oiconnect.import"]._read_group(
                [("source_id", "in", self._origin.ids)], ["source_id"], ["__count"]
            )
        )
        for source in self:
            source.import_count = counts.get(source._origin, 0)

    def _folders(self):
        return [self.in_folder, self.archive_folder, self.error_folder]

    def _stored(self, tokens):
        return self.env["oiconnect.import"].search([("claim_token", "in", tokens)])

    def _store(self, box, claim, earlier=None):
        """Keep a dropped file as an import; one that is known is put away."""
        imports = self._imports()
        with imports.env["ir.attachment"]._oiconnect_new_file() as raw:
            try:
                found = box.fetch(claim.here, raw, imports._limits().size)
            except TransportError as error:
                if error.reason != "too_big":
                    raise
                stat = box.entry(claim.here).stat
                record = self._new_import(claim, stat, earlier)
                record._refuse_unread(error.told(self.env))
                return
            digest, _size = measure(raw, hashlib.sha256())
            if earlier and earlier.sha256 == digest:
                earlier.claim_stat = found.stat
                return
            if imports._known_file(self.network_id, claim.name, digest):
                self._keep_known(box, claim, earlier)
                return
            record = self._new_import(claim, found.stat, earlier)
            record._keep_file(raw)
            grown = earlier and earlier._begins(raw)
        if earlier:
            self._go_on_from(record, earlier, grown)
        else:
            self._go_on(record)

    def _keep_known(self, box, claim, earlier):
        """What is in the file was imported already: it only has to be put away."""
        if earlier:
            earlier._hand_over()
        else:
            self._move(box, claim, self.archive_folder)

    def _new_import(self, claim, stat, earlier):
        if earlier:
            earlier._hand_over()
        vals = self._import_vals(claim.name, claim.token)
        return self._imports().create(vals | {"claim_stat": stat})

    def _stored_since(self, start):
        domain = [("source_id", "=", self.id), ("create_date", ">=", start)]
        imports = self.env["oiconnect.import"]
        [found] = imports._read_group(domain, aggregates=["__count", "file_size:sum"])
        return found[0], found[1] or 0

    def _file_limit(self):
        return self.env["oiconnect.import"]._limits().size

    def _imports(self):
        """Return imports in the name of the person in charge."""
        imports = self.env["oiconnect.import"].with_user(self.responsible_id).sudo()
        return imports.with_context(lang=self._staff_language())

    def _import_vals(self, name, token):
        return {
            "network_id": self.network_id.id,
            "file_name": name,
            "mode": self.mode,
            "on_error": self.on_error,
            "source_id": self.id,
            "claim_token": token,
        }

    def _go_on_from(self, record, earlier, grown):
        """Import again, whole, a file that was taken before its end had come.

        One that is another file than the one that was taken waits for a person.
        """
        text = self.env._(
            "This file changed on the server after it was taken on %s: it is taken "
            "again, whole.",
            fields.Datetime.context_timestamp(self, earlier.create_date).strftime(
                "%d/%m/%Y %H:%M"
            ),
        )
        record.message_post(body=text)
        earlier._give_way()
        if grown or not earlier.sha256:
            self._go_on(record, record.problem)
            if earlier.applied_date:
                self._give_task(record, text)
        else:
            self._go_on(record, record.problem or text)

    def _go_on(self, record, doubt=None):
        """Do with a new file what was chosen for those of this drop."""
        if doubt is None:
            doubt = record.problem or record._other_content_text()
        if doubt:
            record.message = doubt
            self._give_task(record, doubt)
        elif self.afterwards != "wait":
            record._queue(dry_run=self.afterwards == "check")


class Import(models.Model):
    """A file that was dropped: where, and once in effect."""

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

    def _is_settled(self):
        """A dropped file may be put away as soon as it is kept here."""
        return True

    def _is_at_rest(self):
        return self.state != "running"

    def _is_refused(self):
        return bool(self.problem) or not self._has_file()

    def _hand_over(self):
        """Another import tells from now on what becomes of the file."""
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

    def _give_way(self):
        """The file is imported anew: what waits of its beginning is not."""
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
            raw,
            {
                "name": self.file_name,
                "res_model": self._name,
                "res_id": self.id,
                "res_field": "file",
                "mimetype": "application/octet-stream",
                "type": "binary",
            },
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
