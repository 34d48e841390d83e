"""Gives what was written just now the time at which it is to have happened."""

import json
from datetime import timedelta
from functools import cache

from odoo.tools import SQL

from odoo.addons.oiconnect_base.time_zone import local_today
from odoo.addons.oiconnect_orders.protocol_time import from_local

from ..plan.stories import LINK, PB, PM

MODELS = (PM, PB, LINK)
# Model → columns that say when something happened
TIMES = {
    "oiconnect.pm.order": (
        "create_date receipt_date report_date delivered_date mad_receipt_date end_date"
        " write_date"
    ),
    "oiconnect.pb.order": "create_date receipt_date report_date end_date write_date",
    "oiconnect.link.order": (
        "create_date receipt_date report_date available_date delivered_date"
        " rejected_date validated_date end_date write_date"
    ),
    "oiconnect.link.order.fibre": "create_date end_date write_date",
    "oiconnect.link.service": "create_date write_date",
    "oiconnect.pm.report": "create_date write_date",
    "oiconnect.cofinancing": "create_date switched_date write_date",
    "oiconnect.pb.batch": "create_date write_date told_date",
    "oiconnect.pm.service": "create_date write_date",
    "oiconnect.workflow.step": "date",
    "oiconnect.decision": "date",
    "oiconnect.event": "write_date create_date",
}
# Only these rows, where others of the demo are in the table
OURS = {
    "oiconnect.pb.batch": SQL("told_date IS NOT NULL"),
    "oiconnect.pm.service": SQL("id IN (SELECT service_id FROM oiconnect_pm_order)"),
    **dict.fromkeys(
        ("oiconnect.workflow.step", "oiconnect.decision", "oiconnect.event"),
        SQL("res_model = ANY(%s)", list(MODELS)),
    ),
}
# Model → columns that say on which day
DAYS = {
    "oiconnect.pm.order": "order_date manager_date",
    "oiconnect.pb.order": "order_date",
    "oiconnect.link.order": "order_date",
    "oiconnect.pm.service": "start_date end_date",
    "oiconnect.link.service": "start_date end_date",
}


def move(env, moved, *first):
    """Change when things happened, in one query.

    :param first: statements that come before
    :param moved: ``[(model, columns, SQL range, value, SQL condition of a row)]``;
        columns of which the time is in the range get the value
    """
    statements = [
        SQL(_statement(env[model]._table, columns), *more)
        for model, columns, *more in moved
    ]
    env.flush_all()
    env.cr.execute(SQL("; ").join([*first, *statements]))
    for model in {model for model, *_more in moved}:
        env[model].invalidate_model(flush=False)


@cache
def _statement(table, columns):
    """Return what changes the columns of a table, written once for all moments."""
    columns = columns.split()
    changes = ", ".join(
        f"{column} = CASE WHEN moved.old @> {column}::timestamp THEN moved.new"
        f" ELSE {column} END"
        for column in columns
    )
    found = " OR ".join(f"moved.old @> {column}::timestamp" for column in columns)
    return (
        f"UPDATE {table} SET {changes}"
        " FROM (SELECT %s AS old, %s::timestamp AS new) moved"
        f" WHERE ({found}) AND %s"
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
        since = SQL("tsrange(%s, NULL)", self.begun)
        days = self._today()
        today = SQL("tsrange(%s, %s, '[]')", days[0], days[-1])
        move(
            self.env,
            [
                (model, columns, since, moment, OURS.get(model, SQL("TRUE")))
                for model, columns in TIMES.items()
            ]
            + [
                (model, columns, today, local.date(), SQL("TRUE"))
                for model, columns in DAYS.items()
            ],
            self._dated_messages(local),
        )

    def _today(self):
        """Return the days that are today: ours, and that of universal time."""
        return sorted({local_today(), self.env.cr.now().date()})

    def _dated_messages(self, local):
        """Return the SQL by which messages say ``local`` in their payload too.

        They say today, or a time of it, as long as they say it now.
        """
        return SQL(
            """
            UPDATE oiconnect_event event SET payload = payload || changed.values
            FROM (
                SELECT message.id,
                       jsonb_object_agg(key, left(%s, length(value))) AS values
                  FROM oiconnect_event message, jsonb_each_text(payload)
                 WHERE res_model = ANY(%s) AND create_date >= %s
                   AND jsonb_typeof(payload -> key) = 'string'
                   AND left(value, 10) = ANY(%s)
                 GROUP BY message.id
            ) changed
            WHERE event.id = changed.id
            """,
            local.isoformat(),
            list(MODELS),
            self.begun,
            [day.isoformat() for day in self._today()],
        )


def retell(env, changed):
    """Let messages say other values: ``{message: {name: value}}``."""
    env.cr.execute(
        SQL(
            """
            UPDATE oiconnect_event event
            SET payload = event.payload || changed.payload::jsonb
            FROM unnest(%s::int[], %s::text[]) AS changed(id, payload)
            WHERE event.id = changed.id
            """,
            [event.id for event in changed],
            [json.dumps(values) for values in changed.values()],
        )
    )
    env["oiconnect.event"].invalidate_model(["payload"], flush=False)
