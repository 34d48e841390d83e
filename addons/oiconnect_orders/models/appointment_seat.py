from psycopg2.errors import ExclusionViolation

from odoo import models
from odoo.tools import SQL


class Appointment(models.Model):
    """Taking a slot: no two bookings get the same seat of a team."""

    _inherit = "oiconnect.appointment"

    def _take_seat(self, team, slot):
        """Give the appointment a seat in ``slot``; tell whether there was one.

        What others booked since this transaction began is not seen here: the
        constraint knows it, and each seat is tried.
        """
        self.ensure_one()
        self.env.flush_all()
        self._queue_for(team, slot)
        taken = any(
            self._try_seat(team, slot, seat) for seat in range(1, team.capacity + 1)
        )
        self.invalidate_recordset(["team_id", "start", "stop", "seat"], flush=False)
        if taken:
            # For who follows the changes of a visit by the ORM
            self.write({"start": slot.start})
        return taken

    def _queue_for(self, team, slot):
        """Wait for whoever books that day of the team.

        Rivals for the last seat would otherwise wait for each other.
        """
        name = f"oiconnect.appointment,{team.id},{slot.start.date()}"
        self.env.cr.execute(
            SQL("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", name)
        )

    def _try_seat(self, team, slot, seat):
        query = SQL(
            """
            UPDATE oiconnect_appointment
            SET team_id = %s, start = %s, stop = %s, seat = %s
            WHERE id = %s
            """,
            team.id,
            slot.start,
            slot.stop,
            seat,
            self.id,
        )
        try:
            with self.env.cr.savepoint(flush=False):
                # Nothing is wrong when somebody was faster: not for the log
                self.env.cr.execute(query, log_exceptions=False)
        except ExclusionViolation:
            return False
        return True
