"""Gives what was written just now the time at which it is to have happened."""

import json
from datetime import timedelta

from odoo.tools import SQL

from odoo.addons.oiconnect_base.time_zone import local_today
from odoo.addons.oiconnect_orders.protocol_time import from_local

from ..plan.stories import LINK, PB, PM

MODELS = (PM, PB, LINK)
# Table → columns that say when something happened; what tells our rows comes last
TIMES = {
    "oiconnect_pm_order": (
        "create_date receipt_date report_date delivered_date mad_receipt_date end_date"
        " write_date"
    ),
    "oiconnect_pb_order": "create_date receipt_date report_date end_date write_date",
    "oiconnect_link_order": (
        "create_date receipt_date report_date available_date delivered_date"
        " rejected_date validated_date end_date write_date"
    ),
    "oiconnect_link_order_fibre": "create_date end_date write_date",
    "oiconnect_link_service": "create_date write_date",
    "oiconnect_pm_report": "create_date write_date",
    "oiconnect_cofinancing": "create_date switched_date write_date",
    "oiconnect_pb_batch": "create_date write_date told_date",
    "oiconnect_pm_service": "create_date write_date",
    "oiconnect_workflow_step": "date",
    "oiconnect_decision": "date",
    "oiconnect_event": "write_date create_date",
}
# Only these rows, where others of the demo are in the table
OURS = {
    "oiconnect_pb_batch": SQL("told_date IS NOT NULL"),
    "oiconnect_pm_service": SQL("id IN (SELECT service_id FROM oiconnect_pm_order)"),
    **dict.fromkeys(
        ("oiconnect_workflow_step", "oiconnect_decision", "oiconnect_event"),
        SQL("res_model = ANY(%s)", list(MODELS)),
    ),
}
# Table → columns that say on which day
DAYS = {
    "oiconnect_pm_order": "order_date manager_date",
    "oiconnect_pb_order": "order_date",
    "oiconnect_link_order": "order_date",
    "oiconnect_pm_service": "start_date end_date",
    "oiconnect_link_service": "start_date end_date",
}


def move(env, table, column, begun, moment, where):
    """Let what ``column`` says to have happened since ``begun`` be of ``moment``."""
    env.cr.execute(
        SQL(
            "UPDATE %(table)s SET %(column)s = %(moment)s"
            " WHERE %(column)s >= %(begun)s AND %(where)s",
            table=SQL.identifier(table),
            column=SQL.identifier(column),
            moment=moment,
            begun=begun,
            where=where,
        )
    )


class Moments:
    """Lets each step of an order of the network have happened at its time.

    What was played before is of the past already: the rest was written by this step.
    """

    def __init__(self, env):
        self.env = env
        # Rows are created when the transaction began.
        self.begun = env.cr.now() - timedelta(seconds=1)

    def set(self, local):
        """Let all that was written since the last step be of the time ``local``."""
        moment = from_local(local.isoformat())
        self.env.flush_all()
        self._date_messages(local)
        for table, columns in TIMES.items():
            for column in columns.split():
                where = OURS.get(table, SQL("TRUE"))
                move(self.env, table, column, self.begun, moment, where)
        for table, columns in DAYS.items():
            for column in columns.split():
                self._move_day(table, column, local)
        self.env.invalidate_all()

    def _move_day(self, table, column, local):
        self.env.cr.execute(
            SQL(
                "UPDATE %(table)s SET %(column)s = %(day)s"
                " WHERE %(column)s = ANY(%(now)s)",
                table=SQL.identifier(table),
                column=SQL.identifier(column),
                day=local.date(),
                now=self._today(),
            )
        )

    def _today(self):
        """Return the days that are today: ours, and that of universal time."""
        return sorted({local_today(), self.env.cr.now().date()})

    def _date_messages(self, local):
        """Messages say when they were written, in their payload too."""
        today = {day.isoformat() for day in self._today()}
        events = self.env["oiconnect.event"].search(
            [("res_model", "in", MODELS), ("create_date", ">=", self.begun)]
        )
        for event in events:
            told = {
                name: local.isoformat()[: len(value)]
                for name, value in event.payload.items()
                if isinstance(value, str) and value[:10] in today
            }
            retell(self.env, event, told)


def retell(env, event, told):
    """Let a message say the values ``told``."""
    env.cr.execute(
        SQL(
            "UPDATE oiconnect_event SET payload = payload || %s::jsonb WHERE id = %s",
            json.dumps(told),
            event.id,
        )
    )
    event.invalidate_recordset(["payload"], flush=False)
