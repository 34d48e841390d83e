from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import groupby

from odoo.addons.oiconnect_base.bulk import insert_rows
from odoo.addons.oiconnect_base.deleted_records import open_form
from odoo.addons.oiconnect_base.fields import Many2oneWithoutForeignKey
from odoo.addons.oiconnect_base.models.guarded import EVERY_FIELD
from odoo.addons.oiconnect_base.models.timeline_mixin import BAD, NEUTRAL

FILE_READERS = "oiconnect_base.group_exchange_read"


class ExchangeLine(models.Model):
    """Received lines: which line of which file touched which record.

    A line is of the month in which its file came.
    """

    _name = "oiconnect.exchange.line"
    _description = "Line received"
    _inherit = "oiconnect.partitioned"
    _order = "id desc"
    _log_access = False
    _event_fields = EVERY_FIELD
    _months_retained = 60

    # Warranted by itself: what was exchanged is never deleted.
    exchange_id = Many2oneWithoutForeignKey(
        "oiconnect.exchange", "File", required=True, ondelete="cascade"
    )
    # Warranted by the file, which has the same company.
    company_id = Many2oneWithoutForeignKey("res.company", index=True)
    line = fields.Integer(help="Line of the file; the header is line 1", required=True)
    reference = fields.Char(help="The record that the line names")
    res_model = fields.Char("Model")
    res_id = fields.Many2oneReference("Record", model_field="res_model")
    code = fields.Char("Refused", help="Reason code of the refusal; empty when taken")
    # Copied from the file: the month's column has to be in the table.
    date = fields.Datetime("Received on", required=True)
    flow_code = fields.Char("Flow", related="exchange_id.flow_id.code")

    # The lines of a file, and its answers in their order.
    _exchange_idx = models.Index("(exchange_id, line)")
    # Lines that touched a record, on its form; files that a report is about.
    _record_idx = models.Index("(res_model, res_id, exchange_id)")

    @api.model
    def _append(self, exchange, handled):
        """Note what became of each line, many at once."""
        key = exchange.flow_id.key_field
        insert_rows(
            self.env,
            self._table,
            (
                {
                    "exchange_id": exchange.id,
                    "company_id": exchange.company_id.id,
                    "date": exchange.create_date,
                    "line": item.line.number,
                    "reference": item.line.payload.get(key),
                    "res_model": item.record._name if item.record else None,
                    "res_id": item.record.id if item.record else None,
                    "code": item.refusals[0].code if item.refusals else None,
                }
                for item in handled
            ),
        )
        self._foresee(exchange.create_date)
        self.invalidate_model(flush=False)

    @api.model
    def _places(self, exchange, events):
        """Return ``{event id: line}``: of which line of the file each is the answer.

        Two lines may name one order: their answers stand in the order they were made.
        """
        lines = self._lines_of_records(exchange)
        self.env.flush_all()
        # Sorted out here: no statistics know rows that this transaction has made, and
        # a join of them may take a hundred times as long.
        self.env.cr.execute(
            """
            SELECT id, res_model, res_id, (payload ->> 'line')::int
              FROM oiconnect_event WHERE id = ANY(%s) ORDER BY id
            """,
            [events.ids],
        )
        places = {}
        for event_id, model, record_id, line in self.env.cr.fetchall():
            touched = next(lines.get((model, record_id), iter(())), 0)
            places[event_id] = touched if line is None else line
        return places

    # ------------------------------------------------------------------
    # Months that are over
    # ------------------------------------------------------------------

    @api.model
    def _why_retained(self, part):
        """Files that are not done with, that still name customers, or prove something.

        Lines tell in which files a customer is named, who may want to be forgotten.
        """
        files = self.env["oiconnect.exchange"].sudo()
        came = Domain("create_date", "<", part.end) & Domain("direction", "=", "in")
        if part.start:
            came &= Domain("create_date", ">=", part.start)
        open_files = came & Domain("state", "in", ["in_received", "in_processing"])
        if files.search_count(open_files, limit=1):
            return self.env._("files of that time are still to be processed.")
        if self._has_customers(came):
            return self.env._(
                "files of that time still name end customers, who may ask to be "
                "forgotten: set on the networks how long customers are kept."
            )
        return self._why_proof(part) or super()._why_retained(part)

    def _has_customers(self, came):
        files = self.env["oiconnect.exchange"].sudo()
        networks = self.env["oiconnect.network"].sudo().with_context(active_test=False)
        return any(
            files.search_count(files._with_customers(network) & came, limit=1)
            for network in networks.search(Domain.TRUE)
        )

    @api.model
    def _why_proof(self, part):
        """Return why a run of conformance needs the lines, or None."""
        runs = self.env["oiconnect.conformance.run"].sudo()
        begun = Domain("state", "=", "running") & Domain("create_date", "<", part.end)
        if runs.search_count(begun, limit=1):
            return self.env._("tests of conformance begun before are not over.")
        return None

    @api.model
    def _gone_text(self, day):
        return self.env._(
            "Lines of files received before %s are not kept any more.", day
        )

    # ------------------------------------------------------------------
    # Records
    # ------------------------------------------------------------------

    def _lines_of_records(self, exchange):
        """Return ``{(model, id): lines of the file that touched it, in order}``."""
        self.flush_model()
        self.env.cr.execute(
            """
            SELECT res_model, res_id, line FROM oiconnect_exchange_line
             WHERE exchange_id = %s AND res_id IS NOT NULL ORDER BY line
            """,
            [exchange.id],
        )
        by_record = groupby(self.env.cr.fetchall(), key=lambda row: row[:2])
        return {key: iter([row[2] for row in rows]) for key, rows in by_record}

    def _record_state(self):
        """Return what users call the state of the record."""
        if not self.res_id:
            return False
        record = self.env[self.res_model].browse(self.res_id)
        states = record._fields["state"]._description_selection(self.env)
        return dict(states)[record.state]

    def action_open_record(self):
        self.ensure_one()
        return open_form(self.env[self.res_model].browse(self.res_id))


class WorkflowMixin(models.AbstractModel):
    _inherit = "oiconnect.workflow"

    def _origin_record(self):
        """Lead to the file that brought the record, who may read files."""
        lines = self.env["oiconnect.exchange.line"].sudo()
        about = Domain("res_model", "=", self._name) & Domain("res_id", "=", self.id)
        file = lines.search(about, order="id", limit=1).exchange_id
        readable = file and self.env.user.has_group(FILE_READERS)
        return file.with_env(self.env) if readable else super()._origin_record()


class TimelineMixin(models.AbstractModel):
    """The files by which a record came and was changed, in its timeline too."""

    _inherit = "oiconnect.timeline.mixin"

    exchange_line_ids = fields.One2many(
        "oiconnect.exchange.line",
        "res_id",
        "Lines received",
        domain=lambda self: [("res_model", "=", self._name)],
        bypass_search_access=True,
        groups=FILE_READERS,
        copy=False,
    )

    @api.model
    def _timeline_kinds(self):
        line = ("fa-download", self.env._("Line received"))
        return {"line": line} | super()._timeline_kinds()

    def _timeline_entries(self):
        entries = super()._timeline_entries()
        if self.env.user.has_group(FILE_READERS):
            entries += map(self._line_entry, self.exchange_line_ids)
            lines = self.env["oiconnect.exchange.line"]
            if gone := lines._gone_note(self.create_date):
                entries.append(
                    self._entry(
                        "line", self, self.create_date, gone, style=NEUTRAL, who=None
                    )
                )
        return entries

    def _line_entry(self, line):
        outcome = (
            self.env._("line %s refused", line.line)
            if line.code
            else self.env._("line %s taken", line.line)
        )
        return self._entry(
            "line",
            line,
            line.date,
            self._flow_label(line.flow_code),
            outcome,
            self._reason_label(line.code),
            style=BAD if line.code else NEUTRAL,
            who=self.operator_id.interop_code,
            links=[self._entry_link(line.exchange_id, line.exchange_id.name)],
        )

    def _message_links(self, event):
        links = super()._message_links(event)
        file = event.exchange_id
        if file and self.env.user.has_group(FILE_READERS):
            links.append(self._entry_link(file, file.name))
        return links

    @api.model
    def _flow_label(self, code):
        flow = self.env["oiconnect.flow"]._by_code(code)
        return f"{code} – {flow.name}" if flow else code
