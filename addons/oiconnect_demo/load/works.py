"""Plans the works of the demo, on PMs where operators have lines."""

from datetime import timedelta

from odoo.fields import Datetime
from odoo.tools import SQL

from odoo.addons.oiconnect_base.time_zone import PARIS, local_day
from odoo.addons.oiconnect_orders.planning import DAY, moment

from ..plan.works import CHANGED_DAYS_AGO, NOTICE_DAYS, WORKS
from .network import QUIET


class WorksLoader:
    """Works on one PM after the other, those with most routes in use first."""

    def __init__(self, env, network):
        self.env = env(context=dict(env.context, **QUIET))
        self.network = network

    def load(self):
        pms = self._pms()
        for rank, planned in enumerate(WORKS):
            works = self.env["oiconnect.works"].create(
                self._values(planned, pms[rank % len(pms)])
            )
            if planned.event == "replan":
                works.write(
                    {
                        "start_date": works.start_date + DAY,
                        "end_date": works.end_date + DAY,
                    }
                )
            elif planned.event:
                works._fire(planned.event)
            self._age(works)

    def _age(self, works):
        """Let works have been announced, changed and closed at their times."""
        announced = works.start_date - NOTICE_DAYS * DAY
        changed = Datetime.now() - CHANGED_DAYS_AGO * DAY
        if works.ended_date:
            changed = works.end_date
        elif works.state == "new":
            changed = announced
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE oiconnect_works SET create_date = %(announced)s,
                    write_date = %(changed)s, change_date = %(changed)s,
                    ended_date = CASE WHEN ended_date IS NOT NULL
                        THEN %(changed)s::timestamp END
                WHERE id = %(id)s
                """,
                announced=announced,
                changed=changed,
                id=works.id,
            )
        )
        self.env.cr.execute(
            SQL(
                """
                UPDATE oiconnect_workflow_step
                SET date = CASE WHEN event = 'create' THEN %(announced)s::timestamp
                    ELSE %(changed)s::timestamp END
                WHERE res_model = %(model)s AND res_id = %(id)s
                """,
                announced=announced,
                changed=changed,
                model=works._name,
                id=works.id,
            )
        )
        self.env.invalidate_all()

    def _pms(self):
        used = self.env["oiconnect.route"]._read_group(
            [("network_id", "=", self.network.id), ("state", "=", "used")],
            ["pm_id"],
            ["__count"],
            order="__count desc",
            limit=len(WORKS),
        )
        return [pm for pm, _count in used]

    def _values(self, planned, pm):
        day = local_day(Datetime.now()) + planned.days * DAY
        start = moment(day, 8, PARIS)
        natures = self.env["oiconnect.ticket.code"]
        on_pbos = planned.equipment in ("pbo", "link")
        return {
            "network_id": self.network.id,
            "pm_id": pm.id,
            "equipment": planned.equipment,
            "pbo_ids": [(6, 0, pm.pbo_ids[:2].ids if on_pbos else [])],
            "nature_id": natures._of("work_nature", planned.nature).id,
            "comment": planned.comment,
            "start_date": start,
            "end_date": start + timedelta(hours=planned.hours),
            "operator_needed": bool(planned.contact),
            "contact": planned.contact or False,
            "operator_comment": planned.operator_comment or False,
        }
