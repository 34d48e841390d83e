from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_date

from odoo.addons.oiconnect_base.bulk import insert_rows
from odoo.addons.oiconnect_base.fields import Many2oneWithoutForeignKey
from odoo.addons.oiconnect_base.models.guarded import EVERY_FIELD

# Columns of one line; the others are the same for all lines written together
_LINE_COLUMNS = (
    "res_model",
    "res_id",
    "reference",
    "kind",
    "field",
    "before",
    "after",
    "snapshot",
    "network_id",
)
# Of the settings, fewer months are taken for so many
LEAST_MONTHS = 24


class Change(models.Model):
    """One change of one column of one object of the network. Append-only.

    No user may change or delete a line: neither by the ORM, nor as superuser, nor
    by SQL (trigger). Loaders may insert by SQL. All lines are retained, unless an
    administrator sets a retention period: older ones are dropped then, which is a
    line too.
    """

    _name = "oiconnect.change"
    _description = "Change of the network"
    _inherit = "oiconnect.partitioned"
    _order = "id desc"
    _rec_name = "reference"
    _log_access = False
    _event_fields = EVERY_FIELD

    res_model = fields.Char("Model", required=True)
    res_id = fields.Many2oneReference("Record", model_field="res_model", required=True)
    reference = fields.Char(help="Reference of the object at the time of the change")
    kind = fields.Selection(
        [("create", "Creation"), ("write", "Change"), ("unlink", "Deletion")],
        required=True,
        default="write",
    )
    field = fields.Char("Technical field")
    before = fields.Text("Stored before")
    after = fields.Text("Stored after")
    snapshot = fields.Json(help="All columns of a deleted object")
    # Neither networks nor users are deleted once they have a history.
    network_id = Many2oneWithoutForeignKey("oiconnect.network", ondelete="restrict")
    date = fields.Datetime(required=True, default=fields.Datetime.now)
    user_id = Many2oneWithoutForeignKey(
        "res.users",
        string="Changed by",
        ondelete="restrict",
        default=lambda self: self.env.uid,
    )
    reason = fields.Char()
    batch = fields.Char(help="Import or mass change that the line comes from")
    object_label = fields.Char("Object", compute="_compute_labels")
    field_label = fields.Char("Field", compute="_compute_labels")
    before_label = fields.Text("Before", compute="_compute_labels")
    after_label = fields.Text("After", compute="_compute_labels")

    # History of one record: res_model = x and res_id = y order by id desc
    _record_idx = models.Index("(res_model, res_id, id)")
    # Delta of a day, history of twelve months: date >= x (lines come in date order)
    _date_idx = models.Index("USING brin (date)")

    @api.depends("res_model", "field", "before", "after")
    @api.depends_context("lang")
    def _compute_labels(self):
        for change in self:
            field = self._described_field(change.res_model, change.field)
            change.object_label = self._described_model(change.res_model)
            change.field_label = field.get("string", change.field)
            change.before_label = self._value_label(field, change.before)
            change.after_label = self._value_label(field, change.after)

    @api.model
    def _described_model(self, model):
        return self.env["ir.model"].sudo()._get(model).name or model

    @api.model
    def _described_field(self, model, name):
        if not name or model not in self.env:
            return {}
        description = (
            self.env[model].sudo().fields_get([name], ["string", "type", "selection"])
        )
        return description.get(name, {})

    @api.model
    def _value_label(self, field, text):
        """Return a stored value in the words and forms of the screens."""
        if field.get("type") == "boolean":
            return self.env._("Yes") if text == "true" else self.env._("No")
        if field.get("type") == "date" and text:
            return format_date(self.env, text)
        return dict(field.get("selection") or ()).get(text, text)

    def init(self):
        """Refuse changes below the ORM too; dropping the table stays possible."""
        self.env.cr.execute(
            """
            CREATE OR REPLACE FUNCTION oiconnect_change_append_only()
            RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                RAISE EXCEPTION 'oiconnect_change is append-only: % refused', TG_OP
                    USING ERRCODE = 'insufficient_privilege';
            END $$;
            """
        )
        result = super().init()
        self.env.cr.execute(
            """
            DROP TRIGGER IF EXISTS append_only ON oiconnect_change;
            CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON oiconnect_change
                FOR EACH ROW EXECUTE FUNCTION oiconnect_change_append_only();
            DROP TRIGGER IF EXISTS no_truncate ON oiconnect_change;
            CREATE TRIGGER no_truncate BEFORE TRUNCATE ON oiconnect_change
                FOR EACH STATEMENT EXECUTE FUNCTION oiconnect_change_append_only();
            -- Even for a session that puts ordinary triggers aside
            ALTER TABLE oiconnect_change ENABLE ALWAYS TRIGGER append_only;
            ALTER TABLE oiconnect_change ENABLE ALWAYS TRIGGER no_truncate;
            """
        )
        self._guard_parts()
        return result

    @api.model
    def _make_months(self):
        made = super()._make_months()
        if made:
            self._guard_parts()
        return made

    @api.model
    def _guard_parts(self):
        """Forbid TRUNCATE of a part by its own name: it does not inherit that trigger.

        The triggers of rows are inherited.
        """
        self.env.cr.execute(
            """
            SELECT inhrelid::regclass::text FROM pg_inherits
             WHERE inhparent = 'oiconnect_change'::regclass
               AND NOT EXISTS (SELECT FROM pg_trigger
                                WHERE tgrelid = inhrelid AND tgname = 'no_truncate')
            """
        )
        for (name,) in self.env.cr.fetchall():
            part = SQL.identifier(name)
            self.env.cr.execute(
                SQL(
                    "CREATE TRIGGER no_truncate BEFORE TRUNCATE ON %s"
                    " FOR EACH STATEMENT EXECUTE FUNCTION"
                    " oiconnect_change_append_only()",
                    part,
                )
            )
            self.env.cr.execute(
                SQL("ALTER TABLE %s ENABLE ALWAYS TRIGGER no_truncate", part)
            )

    # ------------------------------------------------------------------
    # Months that are over
    # ------------------------------------------------------------------

    @api.model
    def _retention_months(self):
        """Operators receive the changes of a year, and tickets show as many."""
        months = super()._retention_months()
        return max(months, LEAST_MONTHS) if months else 0

    @api.model
    def _note_drop(self, part):
        result = super()._note_drop(part)
        day = format_date(self.env, part.end)
        reason = self.env._("Lines before %s were dropped, as the settings say.", day)
        row = {"res_model": self._name, "res_id": 0, "kind": "unlink"}
        self.with_context(oiconnect_reason=reason)._log([row])
        return result

    @api.model
    def _gone_text(self, day):
        return self.env._("Changes before %s are not kept any more.", day)

    # The ORM's own method is never reached.
    # pylint: disable-next=method-required-super
    def write(self, vals):
        raise UserError(self.env._("The history of changes cannot be modified."))

    @api.ondelete(at_uninstall=True)
    def _unlink_except_always(self):
        raise UserError(self.env._("The history of changes cannot be deleted."))

    @api.model
    @api.private
    def _refuse_deletion(self, records, column):
        """Keep ``records`` when the history names them in ``column``."""
        for record in records:
            named = SQL(
                "SELECT FROM oiconnect_change WHERE %s = %s LIMIT 1",
                SQL.identifier(column),
                record.id,
            )
            self.env.cr.execute(named)
            if self.env.cr.rowcount:
                raise UserError(
                    self.env._(
                        "%s is in the history of the network, which is kept: archive "
                        "instead of deleting.",
                        record.display_name,
                    )
                )

    @api.model
    @api.private
    def _log(self, rows):
        """Insert ``rows`` (dicts by column) in one statement.

        Date, user, reason (context ``oiconnect_reason``) and batch (context
        ``oiconnect_batch``) are added.
        """
        insert_rows(
            self.env,
            self._table,
            ({name: row.get(name) for name in _LINE_COLUMNS} for row in rows),
            date=fields.Datetime.now(),
            user_id=self.env.uid,
            reason=self.env.context.get("oiconnect_reason"),
            batch=self.env.context.get("oiconnect_batch"),
        )
        self._foresee(fields.Datetime.now())


class Users(models.Model):
    """The history keeps the users whom it names."""

    _inherit = "res.users"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_history(self):
        self.env["oiconnect.change"]._refuse_deletion(self, "user_id")
