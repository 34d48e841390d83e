from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.queue_job.job import DEFAULT_PRIORITY

# Holds the present turn. Not a column: all that is processed writes it.
TURN = SQL.identifier("oiconnect_exchange_turn")


class Exchange(models.Model):
    """Operators in turn: a hundred files of one keep nobody else waiting.

    Each batch of lines has a turn, which is the priority of its job. The batches of
    one operator have turns that follow each other; who comes after a while has the
    present turn. So in each turn every operator has one batch, whatever it sent, and
    every turn comes: turns only go up.
    """

    _inherit = "oiconnect.exchange"

    turn = fields.Integer(readonly=True, copy=False, aggregator=None)

    # The operator's last turn: max(turn) where operator_id = x and turn > 0
    _turn_idx = models.Index("(operator_id, turn) WHERE turn > 0")

    def init(self):
        self.env.cr.execute(
            SQL("CREATE SEQUENCE IF NOT EXISTS %s MINVALUE 0 START 0", TURN)
        )
        return super().init()

    @api.model_create_multi
    def create(self, vals_list):
        exchanges = super().create(vals_list)
        for exchange in exchanges:
            if exchange.state == "in_received":
                exchange._take_turn()
        return exchanges

    def _process_batch(self):
        self._note_turn()
        result = super()._process_batch()
        if self.state == "in_processing":
            self._take_turn()
        return result

    def _take_turn(self):
        """Queue behind what the operator has sent, from the present turn on."""
        self.ensure_one()
        self.flush_model(["turn", "operator_id"])
        self.env.cr.execute(
            SQL(
                """
                SELECT GREATEST(1, (SELECT last_value FROM %s), (
                    SELECT max(turn) + 1 FROM oiconnect_exchange
                    WHERE operator_id = %s AND turn > 0
                ))
                """,
                TURN,
                self.operator_id.id,
            )
        )
        [self.turn] = self.env.cr.fetchone()

    def _note_turn(self):
        """It is this file's turn: whoever comes from now on is not before it."""
        self.env.cr.execute(
            SQL(
                "SELECT setval('oiconnect_exchange_turn', %s) FROM %s"
                " WHERE last_value < %s",
                self.turn,
                TURN,
                self.turn,
            )
        )

    def _job_priority(self):
        return DEFAULT_PRIORITY + self.turn

    @api.model
    def _present_priority(self):
        """Return the priority of what is to be done now, among the files that wait.

        What makes files come and go must neither wait for all of them nor keep them
        waiting.
        """
        self.env.cr.execute(SQL("SELECT last_value FROM %s", TURN))
        return DEFAULT_PRIORITY + self.env.cr.fetchone()[0]
