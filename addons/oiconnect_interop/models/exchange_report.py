from odoo import fields, models


class Exchange(models.Model):
    """Which files of ours report on which files received."""

    _inherit = "oiconnect.exchange"

    line_ids = fields.One2many(
        "oiconnect.exchange.line", "exchange_id", "Lines received"
    )
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

    def _note_reported(self):
        """Tie a file of reports to the files whose lines it reports on."""
        flows = self.flow_id.reported_flow_ids
        if not flows:
            return
        self.env.flush_all()
        self.env.cr.execute(
            """
            WITH touched AS MATERIALIZED (
                -- Message by message, by the index of lines: whatever statistics say
                SELECT DISTINCT line.exchange_id
                  FROM oiconnect_event event, LATERAL (
                       SELECT exchange_id FROM oiconnect_exchange_line
                        WHERE res_model = event.res_model
                          AND res_id = event.res_id AND code IS NULL
                       OFFSET 0
                  ) line
                 WHERE event.exchange_id = %s
            )
            INSERT INTO oiconnect_exchange_report_rel (source_id, report_id)
            SELECT touched.exchange_id, %s
              FROM touched
              JOIN oiconnect_exchange source ON source.id = touched.exchange_id
             WHERE source.flow_id = ANY(%s)
            ON CONFLICT DO NOTHING
            """,
            [self.id, self.id, flows.ids],
        )
        self.invalidate_model(["report_ids", "reported_ids"])
