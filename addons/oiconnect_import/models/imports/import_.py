from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.translate import LazyTranslate

from odoo.addons.oiconnect_base.models.guarded import EVERY_FIELD

_lt = LazyTranslate(__name__)

STATES = [
    ("draft", "To import"),
    ("queued", "Waiting"),
    ("running", "Running"),
    ("checked", "Checked"),
    ("done", "Imported"),
    ("done_errors", "Imported with errors"),
    ("refused", "Refused"),
    ("failed", "Failed"),
    ("cancelled", "Cancelled"),
]
BUSY = ("queued", "running")
APPLIED = ("done", "done_errors")
# Those of an import that ended and applied nothing, with results to look at
JUDGED = ("checked", "refused")
# Fields that tell what is imported and how, fixed once it is
FILE_FIELDS = (
    "network_id",
    "file",
    "file_name",
    "kind",
    "flow_version",
    "encoding",
    "mode",
    "on_error",
)


class Import(models.Model):
    """One file that initialises or updates the network, and what came of it."""

    _name = "oiconnect.import"
    _description = "Import"
    _created_text = _lt("Import created")
    _inherit = [
        "oiconnect.network.mixin",
        "oiconnect.chatter",
        "mail.activity.mixin",
        "oiconnect.background.run",
    ]
    _order = "id desc"
    _rec_name = "file_name"
    _event_fields = EVERY_FIELD
    _free_fields = FILE_FIELDS

    state = fields.Selection(
        STATES,
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    user_id = fields.Many2one(
        "res.users",
        "Imported by",
        default=lambda self: self.env.user,
        readonly=True,
        copy=False,
    )
    start_date = fields.Datetime("Started", readonly=True, copy=False)
    end_date = fields.Datetime("Ended", readonly=True, copy=False)
    applied_date = fields.Datetime(
        "Applied on", readonly=True, copy=False, help="When it last changed the network"
    )
    message = fields.Char("What happened", readonly=True, copy=False)
    line_count = fields.Integer("Lines", readonly=True, copy=False)
    error_line_count = fields.Integer("Lines in error", readonly=True, copy=False)
    ok_line_count = fields.Integer(
        "Lines applied", compute="_compute_ok_line_count", store=True
    )
    error_count = fields.Integer("Errors", readonly=True, copy=False)
    warning_count = fields.Integer("Warnings", readonly=True, copy=False)
    error_ids = fields.One2many("oiconnect.import.error", "import_id", readonly=True)
    count_ids = fields.One2many("oiconnect.import.count", "import_id", readonly=True)

    @api.depends("line_count", "error_line_count")
    def _compute_ok_line_count(self):
        for record in self:
            record.ok_line_count = record.line_count - record.error_line_count

    @api.model_create_multi
    def create(self, vals_list):
        imports = super(Import, self._without_index()).create(vals_list)
        return imports.with_env(self.env)

    def write(self, vals):
        # The import itself tells the encoding it met, together with its state.
        if "state" not in vals and not vals.keys().isdisjoint(FILE_FIELDS):
            self._check_file_open()
            self.sudo()._reopen()
        return super(Import, self._without_index()).write(vals)

    def _reopen(self):
        """Reset the results of an import whose file or mode changed."""
        ended = self.filtered(lambda record: record.state != "draft")
        for record in ended:
            record._forget_results()
        ended.write({"state": "draft", "message": False, "removal_confirmed": False})

    def _without_index(self):
        """Keep the words of large files out of the database."""
        return self.with_context(oiconnect_no_index=True)

    @api.model
    def _guarded_advice(self):
        return self.env._("Only the import itself says how it went.")

    def _check_file_open(self):
        closed = self.filtered(
            lambda record: record.state in BUSY or record._was_applied()
        )
        if closed:
            raise UserError(
                self.env._(
                    "%s was imported or is about to be: make a new import.",
                    closed[0].file_name,
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_busy(self):
        if self.filtered(lambda record: record.state in BUSY):
            raise UserError(
                self.env._("An import that is running cannot be deleted: cancel it.")
            )

    def _batch(self):
        """Return the name of this import in the history of the network."""
        self.ensure_one()
        return f"{self._name},{self.id}"

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------

    def action_start(self):
        """Put a file in the queue that is new, or of which nothing was applied."""
        self.check_access("write")
        for record in self:
            record._check_not_applied()
            record._check_startable()
            if record._abandons_too_many() and not record.removal_confirmed:
                return record._ask_confirmation()
            record.sudo()._queue()
        return None

    def _was_applied(self):
        return bool(self.applied_date) or self.state in APPLIED

    def _check_not_applied(self):
        if self._was_applied():
            raise UserError(
                self.env._("%s was imported already: use Run again.", self.file_name)
            )

    def _check_startable(self):
        if self.state in BUSY and (self._has_job() or self._was_applied()):
            raise UserError(self.env._("%s is being imported.", self.file_name))
        if self.problem:
            raise UserError(self.problem)
        if not (self._has_file() and self.kind and self.flow_version):
            raise UserError(
                self.env._("Choose a file, its kind and its version, then import it.")
            )
        self.sudo()._format()
        self._check_mode()

    def action_cancel(self):
        """Stop at the next step; nothing of the file is applied."""
        self.check_access("write")
        for record in self:
            if record.state == "queued":
                record.sudo().state = "cancelled"
            elif record.state == "running":
                record.sudo()._ask_to_stop()

    def action_run_again(self):
        """Open the confirmation: what was changed since would be overwritten."""
        self.ensure_one()
        self._check_may_run_again()
        return self._ask_confirmation()

    def _ask_confirmation(self):
        """Open the dialogue where the name of the file is typed."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Run again")
            if self._was_applied()
            else self.env._("Confirm the removal"),
            "res_model": "oiconnect.import.confirm",
            "view_mode": "form",
            "target": "new",
            "context": {"default_import_id": self.id},
        }

    def _check_may_run_again(self):
        if not self.env.user.has_group("oiconnect_base.group_import_manager"):
            raise UserError(
                self.env._("Only an administrator of imports may run one again.")
            )
        if not self._was_applied():
            raise UserError(
                self.env._("%s was not imported yet: use Import.", self.file_name)
            )

    def action_view_errors(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "oiconnect_import.import_error_action"
        )
        return action | {
            "domain": [("import_id", "=", self.id)],
            "context": {"search_default_error": not not self.error_count},
        }

    def action_export_errors(self):
        """Download the lines in error, each with its errors beside it."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/oiconnect/import/{self.id}/errors.csv",
            "target": "download",
        }
