"""Plans the works of the demo, on PMs where operators have lines."""

from datetime import timedelta

from odoo.fields import Datetime

from odoo.addons.oiconnect_base.time_zone import PARIS, local_day
from odoo.addons.oiconnect_orders.planning import DAY, moment

from ..plan.works import CHANGED_DAYS_AGO, NOTICE_DAYS, WORKS
from .clock import go_to
from .network import QUIET


class WorksLoader:
    """Works on one PM after the other, those with most routes in use first."""

    def __init__(self, env, network):
        self.env = env(context=dict(env.context, **QUIET))
        self.network = network
        self.now = Datetime.now()

    def load(self):
        pms = self._pms()
        for rank, planned in enumerate(WORKS):
            values = self._values(planned, pms[rank % len(pms)])
            start, end = values["start_date"], values["end_date"]
            go_to(self.env, start - NOTICE_DAYS * DAY)
            works = self.env["oiconnect.works"].create(values)
            go_to(self.env, min(end, self.now - CHANGED_DAYS_AGO * DAY))
            if planned.event == "replan":
                works.write({"start_date": start + DAY, "end_date": end + DAY})
            elif planned.event:
                works._fire(planned.event)
        go_to(self.env, None)

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
        day = local_day(self.now) + planned.days * DAY
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
