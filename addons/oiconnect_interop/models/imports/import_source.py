import hashlib

from odoo import fields, models
from odoo.tools.translate import LazyTranslate

from odoo.addons.oiconnect_import.models.imports.import_run import MODES, ON_ERROR
from odoo.addons.oiconnect_import.models.ir_attachment import measure

from ...related_counts import count_related
from ...transport import TransportError

_lt = LazyTranslate(__name__)

ARRIVAL_POLICIES = [
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
        ARRIVAL_POLICIES, "Once received", required=True, default="check"
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
        count_related(self, "import_count", "oiconnect.import", "source_id")

    def _folders(self):
        return [self.in_folder, self.archive_folder, self.error_folder]

    def _stored(self, tokens):
        return self.env["oiconnect.import"].search([("claim_token", "in", tokens)])

    def _store(self, transfer, claim, earlier=None):
        """Keep a dropped file as an import; one that is known is put away."""
        imports = self._imports()
        with imports.env["ir.attachment"]._oiconnect_new_file() as raw:
            try:
                found = transfer.fetch(claim.here, raw, imports._limits().size)
            except TransportError as error:
                if error.reason != "too_big":
                    raise
                stat = transfer.entry(claim.here).stat
                record = self._new_import(claim, stat, earlier)
                record._refuse_unread(error.translated(self.env))
                return
            digest, _size = measure(raw, hashlib.sha256())
            if earlier and earlier.sha256 == digest:
                earlier.claim_stat = found.stat
                return
            if imports._known_file(self.network_id, claim.name, digest):
                if earlier:
                    earlier._hand_over()
                else:
                    self._move(transfer, claim, self.archive_folder)
                return
            record = self._new_import(claim, found.stat, earlier)
            record._keep_file(raw)
            grown = earlier and earlier._begins(raw)
        if earlier:
            self._import_again_from(record, earlier, grown)
        else:
            self._start_new_import(record)

    def _new_import(self, claim, stat, earlier):
        if earlier:
            earlier._hand_over()
        return self._imports().create(
            {
                "network_id": self.network_id.id,
                "file_name": claim.name,
                "mode": self.mode,
                "on_error": self.on_error,
                "source_id": self.id,
                "claim_token": claim.token,
                "claim_stat": stat,
            }
        )

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

    def _import_again_from(self, record, earlier, grown):
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
        earlier._cancel_for_longer_file()
        if grown or not earlier.sha256:
            self._start_new_import(record, record.problem)
            if earlier.applied_date:
                self._give_task(record, text)
        else:
            self._start_new_import(record, record.problem or text)

    def _start_new_import(self, record, doubt=None):
        """Do with a new file what was chosen for those of this drop."""
        if doubt is None:
            doubt = record.problem or record._other_content_text()
        if doubt:
            record.message = doubt
            self._give_task(record, doubt)
        elif self.afterwards != "wait":
            record._queue(dry_run=self.afterwards == "check")
