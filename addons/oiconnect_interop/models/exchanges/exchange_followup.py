from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.oiconnect_orders.controls.acknowledgement import Refusal
from odoo.addons.oiconnect_orders.personal import CUSTOMER_GROUPS
from odoo.addons.oiconnect_orders.protocol_time import from_local, local_iso

# Missing numbers listed one by one before a file; a longer gap is shown by its ends.
MAX_LISTED_NUMBERS = 100
# Some operators number all files of a day together, others each flow: a number lacks
# when no file of the day has it.
MISSING = """
CASE WHEN file.name_sequence - file.previous_number > %(listed)s
     THEN concat(file.previous_number + 1, '–', file.name_sequence - 1)
     ELSE (
          SELECT string_agg(number::text, ', ' ORDER BY number)
            FROM generate_series(
                 file.previous_number + 1, file.name_sequence - 1
            ) number
           WHERE NOT EXISTS (
                 SELECT FROM oiconnect_exchange other
                  WHERE other.direction = 'in'
                    AND other.operator_id = file.operator_id
                    AND other.network_id = file.network_id
                    AND other.name_date = file.name_date
                    AND other.name_sequence = number
                    AND other.duplicate_of_id IS NULL
           )
     ) END
"""


def missing_numbers():
    """Return the SQL of the numbers that lack before the exchange ``file``."""
    return SQL(MISSING, listed=MAX_LISTED_NUMBERS)


class Exchange(models.Model):
    """Sequence of files: numbers of the day, acknowledgements, reports.

    What the date and number of a file tell (late ones, missing ones) stands on the
    file itself when it comes: to write on others would meet who processes them.
    """

    _inherit = "oiconnect.exchange"

    name_date = fields.Date("Date in the name", readonly=True)
    name_sequence = fields.Integer("Number in the name", readonly=True, aggregator=None)
    previous_number = fields.Integer(
        "Number before", readonly=True, aggregator=None, default=None
    )
    is_late = fields.Boolean(
        "Late file",
        readonly=True,
        help="A file of the same flow with a later date or number came before",
    )
    missing_numbers = fields.Char(
        "Numbers not received",
        compute="_compute_missing_numbers",
        search="_search_missing_numbers",
        help="Files of the day that should have come before this one",
    )

    notice_result = fields.Selection(
        [("OK", "Read"), ("KO", "Not read")],
        "Acknowledged by the operator",
        readonly=True,
    )
    notice_date = fields.Datetime("Acknowledged on", readonly=True)
    notice_comment = fields.Char(
        "Operator's remark", readonly=True, groups=CUSTOMER_GROUPS
    )

    line_ids = fields.One2many(
        "oiconnect.exchange.line", "exchange_id", "Lines received"
    )
    lines_gone = fields.Char("Lines not kept", compute="_compute_lines_gone")
    report_ids = fields.Many2many(
        "oiconnect.exchange",
        "oiconnect_exchange_report_rel",
        "source_id",
        "report_id",
        "Reports on its lines",
        readonly=True,
        copy=False,
    )
    reported_ids = fields.Many2many(
        "oiconnect.exchange",
        "oiconnect_exchange_report_rel",
        "report_id",
        "source_id",
        "Reports on",
        readonly=True,
        copy=False,
    )

    # What came of an operator's day: is a file late, is one missing.
    _name_rank_idx = models.Index(
        "(operator_id, network_id, name_date, name_sequence) WHERE direction = 'in'"
    )
    # Files before which a number lacked when they came.
    _gap_idx = models.Index("(id) WHERE name_sequence - previous_number > 1")

    def _compute_lines_gone(self):
        lines = self.env["oiconnect.exchange.line"]
        for file in self:
            lacking = file.direction == "in" and file.create_date and not file.line_ids
            file.lines_gone = lacking and lines._gone_note(file.create_date)

    def _compute_missing_numbers(self):
        gaps = self.filtered(lambda file: file.name_sequence - file.previous_number > 1)
        self.missing_numbers = False
        if gaps._origin:
            self.flush_model()
            found = self.env.execute_query(
                SQL(
                    "SELECT id, %s FROM oiconnect_exchange file WHERE id = ANY(%s)",
                    missing_numbers(),
                    gaps._origin.ids,
                )
            )
            numbers = dict(found)
            for file in gaps:
                file.missing_numbers = numbers.get(file._origin.id)

    @api.model
    def _search_missing_numbers(self, operator, value):
        if operator != "in" or list(value) != [False]:
            return NotImplemented
        query = SQL(
            "(SELECT id FROM oiconnect_exchange file"
            " WHERE name_sequence - previous_number > 1 AND %s IS NOT NULL)",
            missing_numbers(),
        )
        return Domain("id", "not in", query)

    def _note_rank(self, file_name):
        """Keep what the name says, and whether the file comes in its turn."""
        if not file_name or not file_name.date or file_name.has_oversized_number:
            return
        self.write(
            {"name_date": file_name.date, "name_sequence": file_name.sequence or 0}
        )
        late = self.search_count(self._own_files() & self._later_files(), limit=1)
        self.write(
            {"is_late": bool(late), "previous_number": self._number_before() or 0}
        )

    def _own_files(self):
        """Return the domain of the files of this flow that came before this one."""
        return (
            Domain("operator_id", "=", self.operator_id.id)
            & Domain("network_id", "=", self.network_id.id)
            & Domain("flow_id", "=", self.flow_id.id)
            & Domain("direction", "=", "in")
            & Domain("duplicate_of_id", "=", False)
            & Domain("id", "!=", self.id)
        )

    def _later_files(self):
        """Return the domain of the files taken that ought to follow this one."""
        day, number = self.name_date, self.name_sequence
        return Domain("state", "not in", ("in_refused", "in_anomaly")) & (
            Domain("name_date", ">", day)
            | Domain("name_date", "=", day) & Domain("name_sequence", ">", number)
        )

    def _number_before(self):
        """Return the last number of the day before this one."""
        earlier = (
            self._own_files()
            & Domain("name_date", "=", self.name_date)
            & Domain("name_sequence", "<", self.name_sequence)
        )
        [(number,)] = self._read_group(earlier, aggregates=["name_sequence:max"])
        return number

    # ------------------------------------------------------------------
    # Technical acknowledgements
    # ------------------------------------------------------------------

    def _acknowledge(self):
        """Send the technical acknowledgement of a file, where agreed."""
        notice = self.flow_id.notice_flow_id
        if not notice or not self.flow_id._terms(self.operator_id).is_acknowledged:
            return
        refused = self._is_refused()
        self.env["oiconnect.event"].sudo().create(
            {
                "flow": notice.code,
                "operator_id": self.operator_id.id,
                "network_id": self.network_id.id,
                "version": self.version,
                "group_key": self._event_origin().group,
                "payload": {
                    "file_name": self.name,
                    "result": "KO" if refused else "OK",
                    "date": local_iso(fields.Datetime.now()),
                    "line_count": self.line_count,
                    "refused_count": self.refused_count,
                    "comment": self.message if refused else None,
                },
            }
        )

    @api.model
    @api.private
    def _receive_notice(self, line, operator, network, origin, flow):
        """Keep what the operator says of a file of ours, by a line of ``flow``."""
        file = self.search(
            [
                ("operator_id", "=", operator.id),
                ("network_id", "=", network.id),
                ("direction", "=", "out"),
                ("name", "=", line["file_name"]),
                ("flow_id.notice_flow_id", "=", flow.id),
            ],
            limit=1,
        )
        if not file:
            text = self.env._("No file of this name was sent to the operator.")
            return self.browse(), [Refusal("FIMP14", "file_name", text)]
        file.write(
            {
                "notice_result": line["result"],
                "notice_date": from_local(line.get("date")),
                "notice_comment": line.get("comment"),
            }
        )
        if line["result"] == "KO":
            # Not in its words: they may name a customer.
            file._alert(
                self.env._("The operator could not read this file: see its remark.")
            )
        return self.browse(), []

    def _note_reported(self):
        """Link files of reports to the files that they answer."""
        for flow, reports in self.grouped("flow_id").items():
            if flow.reported_flow_ids:
                reports._link_to_reported(flow.reported_flow_ids)

    def _link_to_reported(self, flows):
        self.env.flush_all()
        self.env.cr.execute(
            """
            WITH touched AS MATERIALIZED (
                -- Message by message, by the index of lines: whatever statistics say
                SELECT DISTINCT line.exchange_id, event.exchange_id AS report_id
                  FROM oiconnect_event event, LATERAL (
                       SELECT exchange_id FROM oiconnect_exchange_line
                        WHERE res_model = event.res_model
                          AND res_id = event.res_id AND code IS NULL
                       OFFSET 0
                  ) line
                 WHERE event.exchange_id = ANY(%s)
            )
            INSERT INTO oiconnect_exchange_report_rel (source_id, report_id)
            SELECT touched.exchange_id, touched.report_id
              FROM touched
              JOIN oiconnect_exchange source ON source.id = touched.exchange_id
             WHERE source.flow_id = ANY(%s)
            ON CONFLICT DO NOTHING
            """,
            [self.ids, flows.ids],
        )
        self.invalidate_model(["report_ids", "reported_ids"])
