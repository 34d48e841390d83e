from odoo import fields, models
from odoo.tools import SQL

from odoo.addons.oiconnect_base.deleted_records import open_form

from .exchange import STATES
from .exchange_followup import missing_numbers


class ExchangeTrace(models.Model):
    """Files by operator with the time of their answers (SQL view)."""

    _name = "oiconnect.exchange.trace"
    _description = "Protocol trace"
    _auto = False
    _log_access = False
    _order = "date desc, id desc"
    _depends = {
        "oiconnect.exchange": [
            "name",
            "operator_id",
            "network_id",
            "company_id",
            "flow_id",
            "version",
            "direction",
            "state",
            "sent_date",
            "line_count",
            "refused_count",
            "is_late",
            "name_sequence",
            "previous_number",
            "source_id",
            "report_ids",
        ]
    }

    name = fields.Char("File")
    exchange_id = fields.Many2one("oiconnect.exchange")
    operator_id = fields.Many2one("oiconnect.operator")
    network_id = fields.Many2one("oiconnect.network")
    company_id = fields.Many2one("res.company")
    flow_id = fields.Many2one("oiconnect.flow")
    flow_code = fields.Char("Flow code", related="flow_id.code")
    version = fields.Char()
    direction = fields.Selection([("in", "Received"), ("out", "Sent")])
    state = fields.Selection(STATES)
    date = fields.Datetime("Received or made on")
    sent_date = fields.Datetime("Sent on")
    line_count = fields.Integer("Lines")
    refused_count = fields.Integer("Refused lines")
    is_faulty = fields.Boolean("With errors")
    is_late = fields.Boolean("Late file")
    missing_numbers = fields.Char("Numbers not received")
    receipt_hours = fields.Float(
        "AR after",
        aggregator="avg",
        help="From the reception of a file to the sending of its receipt",
    )
    report_hours = fields.Float(
        "CR after",
        aggregator="avg",
        help="From the reception of a file to the sending of the last report on it",
    )
    delivery_hours = fields.Float(
        "Left after",
        aggregator="avg",
        help="From the making of a file of ours to its delivery",
    )

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT file.id, file.id AS exchange_id, file.name, file.operator_id,
                   file.network_id, file.company_id, file.flow_id, file.version,
                   file.direction, file.state, file.create_date AS date,
                   file.sent_date, file.line_count, file.refused_count,
                   file.is_late,
                   CASE WHEN file.name_sequence - file.previous_number > 1
                        THEN %(missing)s END AS missing_numbers,
                   file.refused_count > 0 OR file.state IN (
                       'in_refused', 'in_anomaly', 'out_expired'
                   ) AS is_faulty,
                   %(receipt)s AS receipt_hours,
                   %(report)s AS report_hours,
                   CASE WHEN file.direction = 'out' THEN %(delivery)s END
                       AS delivery_hours
              FROM oiconnect_exchange file
              LEFT JOIN LATERAL (
                   SELECT min(answer.sent_date) AS sent_date
                     FROM oiconnect_exchange answer
                    WHERE answer.source_id = file.id
              ) receipt ON file.direction = 'in'
              LEFT JOIN LATERAL (
                   SELECT max(report.sent_date) AS sent_date
                     FROM oiconnect_exchange_report_rel tie
                     JOIN oiconnect_exchange report ON report.id = tie.report_id
                    WHERE tie.source_id = file.id
              ) report ON file.direction = 'in'
            """,
            # Computed only for files that came after a gap
            missing=missing_numbers(),
            receipt=_hours("receipt"),
            report=_hours("report"),
            delivery=_hours("file"),
        )

    def action_open_record(self):
        """Open the file itself."""
        return open_form(self.exchange_id)


def _hours(table):
    """Return the hours from when a file came to when ``table`` was sent."""
    return SQL(
        "EXTRACT(EPOCH FROM %s - file.create_date)::float8 / 3600",
        SQL.identifier(table, "sent_date"),
    )
