"""Sets the dates of played orders to those of the plan, set by set."""

from odoo.tools import SQL

from odoo.addons.oiconnect_orders.protocol_time import from_local

# Column of the order → time of its life, where the workflow wrote one.
ORDER_DATES = {
    "receipt_date": "receipt",
    "report_date": "report",
    "connection_date": "connected",
    "failure_date": "connected",
    "delivered_date": "delivered",
    "in_service_date": "in_service",
    "end_date": "ended",
}
# Event of the workflow → time at which it happened.
STEPS = {
    "create": "receipt",
    "acknowledge": "receipt",
    "refuse_receipt": "receipt",
    "accept": "report",
    "reject": "report",
    "start": "report",
    "deliver": "delivered",
    "connected": "delivered",
    "connection_failed": "delivered",
    "activate": "in_service",
    "cancel": "ended",
    "terminate": "ended",
    "overwrite": "ended",
    "restore": "changed",
    "reprovision_hot": "changed",
    "reprovision_cold": "changed",
}
# Flow → time of its messages.
FLOWS = {
    "AR_CMD": "receipt",
    "CR_CMD": "report",
    "CMD_STOC": "report",
    "CR_MAD": "delivered",
    "CR_ANNUL": "ended",
    "CR_RES": "ended",
    "NOTIF_RACCO_KO": "delivered",
    "NOTIF_ECRASEMENT": "ended",
    "NOTIF_REPROV": "changed",
}
# Kind of decision → time at which it was taken.
DECISIONS = {"receipt": "receipt", "study": "report", "route": "changed"}
LINES = (
    "receipt",
    "report",
    "connected",
    "delivered",
    "in_service",
    "ended",
    "changed",
)


def age(env, records):
    """Give the ``{planned order: record}`` the dates of the plan."""
    env.flush_all()
    _make_table(env, records)
    _age_orders(env)
    _age_steps(env)
    _age_decisions(env)
    _age_messages(env)
    _age_deadlines(env, env["oiconnect.access.order"].concat(*records.values()))
    env.cr.execute("DROP TABLE oiconnect_demo_life")
    env.invalidate_all()


def _make_table(env, records):
    """Put the times in a table of this transaction: local, and in UTC."""
    env.cr.execute(
        """
        CREATE TEMPORARY TABLE oiconnect_demo_life (
            order_id int, name varchar, moment timestamp, local timestamp
        )
        """
    )
    rows = [
        (record.id, name, getattr(planned.life, name))
        for planned, record in records.items()
        for name in LINES
        if getattr(planned.life, name)
    ]
    env.cr.execute(
        SQL(
            "INSERT INTO oiconnect_demo_life SELECT * FROM unnest(%s, %s, %s, %s)",
            [order_id for order_id, _name, _local in rows],
            [name for _order_id, name, _local in rows],
            [from_local(local.isoformat()) for _order_id, _name, local in rows],
            [local for _order_id, _name, local in rows],
        )
    )
    env.cr.execute("ANALYZE oiconnect_demo_life")


def _age_orders(env):
    for column, name in ORDER_DATES.items():
        env.cr.execute(
            SQL(
                """
                UPDATE oiconnect_access_order target SET %(column)s = life.moment
                FROM oiconnect_demo_life life
                WHERE life.order_id = target.id AND life.name = %(name)s
                    AND target.%(column)s IS NOT NULL
                """,
                column=SQL.identifier(column),
                name=name,
            )
        )
    env.cr.execute(
        """
        UPDATE oiconnect_access_order target
        SET create_date = life.moment,
            write_date = GREATEST(
                receipt_date, report_date, delivered_date, in_service_date, end_date
            )
        FROM oiconnect_demo_life life
        WHERE life.order_id = target.id AND life.name = 'receipt'
        """
    )


def _age_steps(env):
    env.cr.execute(
        SQL(
            """
            UPDATE oiconnect_workflow_step step SET date = life.moment
            FROM unnest(%s, %s) AS kind(event, name)
            JOIN oiconnect_demo_life life ON life.name = kind.name
            WHERE step.res_model = 'oiconnect.access.order'
                AND step.res_id = life.order_id AND step.event = kind.event
            """,
            list(STEPS),
            list(STEPS.values()),
        )
    )


def _age_decisions(env):
    env.cr.execute(
        SQL(
            """
            UPDATE oiconnect_decision decision SET date = life.moment
            FROM unnest(%s, %s) AS kind(kind, name)
            JOIN oiconnect_demo_life life ON life.name = kind.name
            WHERE decision.res_model = 'oiconnect.access.order'
                AND decision.res_id = life.order_id AND decision.kind = kind.kind
            """,
            list(DECISIONS),
            list(DECISIONS.values()),
        )
    )


def _age_messages(env):
    """Messages say when they were written, in their payload too."""
    env.cr.execute(
        SQL(
            """
            UPDATE oiconnect_event event
            SET create_date = life.moment, write_date = life.moment,
                payload = event.payload || jsonb_build_object(
                    'date', to_char(life.local, 'YYYY-MM-DD"T"HH24:MI:SS')
                )
            FROM unnest(%s, %s) AS kind(flow, name)
            JOIN oiconnect_demo_life life ON life.name = kind.name
            WHERE event.res_model = 'oiconnect.access.order'
                AND event.res_id = life.order_id AND event.flow = kind.flow
            """,
            list(FLOWS),
            list(FLOWS.values()),
        )
    )


def _age_deadlines(env, orders):
    env.invalidate_all()
    env.cr.execute(
        SQL(
            """
            UPDATE oiconnect_event event
            SET payload = event.payload || jsonb_build_object(
                'deadline', given.deadline
            )
            FROM unnest(%s, %s) AS given(order_id, deadline)
            WHERE event.flow = 'CMD_STOC'
                AND event.res_model = 'oiconnect.access.order'
                AND event.res_id = given.order_id
            """,
            orders.ids,
            [order._connection_deadline().isoformat() for order in orders],
        )
    )


def age_files(env, moments):
    """Give the ``{exchange: local time}`` their time."""
    env.flush_all()
    env.cr.execute(
        SQL(
            """
            UPDATE oiconnect_exchange exchange
            SET create_date = given.moment, write_date = given.moment
            FROM unnest(%s, %s) AS given(id, moment)
            WHERE exchange.id = given.id
            """,
            [exchange.id for exchange in moments],
            [from_local(moment.isoformat()) for moment in moments.values()],
        )
    )
    env.cr.execute(
        SQL(
            """
            UPDATE oiconnect_exchange_line line SET date = exchange.create_date
            FROM oiconnect_exchange exchange
            WHERE exchange.id = line.exchange_id AND exchange.id = ANY(%s)
            """,
            [exchange.id for exchange in moments],
        )
    )
    env.invalidate_all()
