"""Plays the orders of PMs, PBs and links: operators' files, our decisions, reports."""

from collections import Counter
from datetime import datetime, time, timedelta

from odoo.fields import Datetime

from odoo.addons.oiconnect_base.time_zone import local_today, to_utc
from odoo.addons.oiconnect_base.workflow import JOB

from ..plan.link_orders import LINK_STORIES
from ..plan.pb_orders import plan_pb_orders
from ..plan.pm_orders import BATCHES, ENGAGEMENTS, PM_STORIES
from ..plan.stories import FILE, FOUND, LINK, PB, PM
from .clock import go_to
from .files import Files
from .network import QUIET

BEGINNING, BETWEEN = time(9), timedelta(minutes=20)
# Kind of order → flow of its file, what its references have
ORDERS = {PM: ("CMD", "PM"), PB: ("CMDPB", "PB"), LINK: ("CMDLIEN", "LIEN")}
# Days from the notice of works to the adduction that it announces
NOTICE = timedelta(days=15)
PEOPLE = {LINK: "oiconnect_demo.user_network"}
PERSON = "oiconnect_demo.user_orders"


class NetworkOrderLoader:
    """Orders one after the other, the oldest first: each finds what others left."""

    def __init__(self, env, network):
        self.env = env(context=dict(env.context, **QUIET))
        self.network = network
        self.files = Files(self.env, network)
        self.today = local_today()
        self.numbers = Counter()
        # Address whose PB is ordered → day on which the IPE file says that it changed
        self.changed = {}

    def load(self, places):
        planned = [
            *((one, self._engage, ()) for one in ENGAGEMENTS),
            *((one, self._tell, ()) for one in BATCHES),
            *((one, self._play, ()) for one in (*PM_STORIES, *LINK_STORIES)),
            *(
                (one.story, self._play, (one.place,))
                for one in plan_pb_orders(places, self.today)
            ),
        ]
        planned.sort(key=lambda item: item[0].days_ago, reverse=True)
        for one, play, more in planned:
            self._go_to(self._moment(max(0, one.days_ago)))
            play(one, *more)
        go_to(self.env, None)
        self.files.answer()
        self._restore_change_dates()
        self._follow_up()

    def _moment(self, days_ago, rank=0):
        """Return the local time of a step: on a working day, after those before."""
        day = self.today - timedelta(days=days_ago)
        day -= timedelta(days=max(0, day.weekday() - 4))
        return datetime.combine(day, BEGINNING) + rank * BETWEEN

    def _go_to(self, local):
        go_to(self.env, to_utc(local))

    def _one(self, model, name, value):
        [record] = self.env[model].search([(name, "=", value)])
        return record

    def _operator(self, code):
        return self._one("oiconnect.operator", "interop_code", code)

    def _pm(self, reference):
        return self._one("oiconnect.pm", "reference", reference)

    def _by_hand(self, records, model):
        """Return the records as somebody has them on the screen."""
        person = self.env.ref(PEOPLE.get(model, PERSON))
        return records.with_user(person).sudo()

    # ------------------------------------------------------------------
    # What comes without an order
    # ------------------------------------------------------------------

    def _engage(self, one):
        engagement = self.env["oiconnect.cofinancing"].create(
            {
                "network_id": self.network.id,
                "reference": one.reference,
                "operator_id": self._operator(one.operator).id,
                "zone": one.zone,
                "pm_ids": [(6, 0, [self._pm(pm).id for pm in one.pms])],
                "share": one.share,
                "level": one.level,
                "start_date": self._moment(one.days_ago).date(),
            }
        )
        if one.days_ago >= 0:
            engagement._apply(JOB)

    def _tell(self, one):
        batches = self.env["oiconnect.pb.batch"].search(
            [("pm_id", "=", self._pm(one.pm).id)], limit=1
        )
        self._by_hand(batches, PM).action_tell_operators()

    # ------------------------------------------------------------------
    # Orders
    # ------------------------------------------------------------------

    def _play(self, story, place=None):
        """Make an order and take its steps, each at its time."""
        opened = self._moment(story.days_ago)
        record = self._begin(story, place, opened)
        for rank, (days, action, given) in enumerate(story.steps, 1):
            moment = self._moment(story.days_ago - days, rank)
            if action == "lays":
                moment = self._laying(record, moment)
            self._go_to(moment)
            getattr(self, f"_{action}")(record, given, moment)
        if record.state != story.goal:
            raise ValueError(
                f"{story}: {record.state}, {record.reason_id.code},"
                f" {record.reason_comment}"
            )

    def _laying(self, record, moment):
        """Return when a laid PB is reported: from the day on that it was laid."""
        day = record.building_id.cabling_date
        day += timedelta(days=(0, 0, 0, 0, 0, 2, 1)[day.weekday()])
        return datetime.combine(day, moment.time())

    def _begin(self, story, place, opened):
        if place and story.goal != "ar_ko":
            self._close_place(place)
        if story.begins == FOUND:
            return self.env[PM].search(
                [
                    ("operator_id.interop_code", "=", story.operator),
                    ("pm_id.reference", "=", story.pm),
                    ("purpose", "!=", "update"),
                    ("oc_reference", "=", False),
                ],
                limit=1,
            )
        if story.begins == FILE:
            return self._drop(story, place, opened)
        return self._take_by_hand(story, place)

    def _close_place(self, place):
        """Let an address be as it was before its PB was ordered, no change of ours."""
        building = self._one("oiconnect.building", "identifier", place.identifier)
        self.changed[building.id] = building.last_change_date
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE oiconnect_building SET state = 'on_demand' WHERE id = %s",
            [building.id],
        )
        building.invalidate_recordset(flush=False)

    def _drop(self, story, place, opened):
        flow, kind = ORDERS[story.model]
        self.numbers[story.operator, kind] += 1
        number = self.numbers[story.operator, kind]
        line = {
            "oc_reference": f"{story.operator}-{kind}-{number:04d}",
            "pm_reference": story.pm,
            "order_date": opened.date().isoformat(),
            **self._usual_line(story.model, place),
            **story.line,
        }
        self.files.drop(flow, [(story.operator, opened, line)])
        own = ("operator_id.interop_code", "=", story.operator)
        named = ("oc_reference", "=", line["oc_reference"])
        [record] = self.env[story.model].search([own, named])
        return record

    def _usual_line(self, model, place):
        if model == PM:
            return {"kind": "UNIT", "technical_choice": "P"}
        if model == LINK:
            return {"order_type": "INIT"}
        return {
            "building_identifier": place.identifier,
            "dwelling_count": place.dwellings,
        }

    def _take_by_hand(self, story, place):
        values = {
            "network_id": self.network.id,
            "operator_id": self._operator(story.operator).id,
        }
        pm = self._pm(story.pm)
        if story.model == PM:
            values |= {"kind": "unit", "pm_id": pm.id}
        elif story.model == PB:
            building = self._one("oiconnect.building", "identifier", place.identifier)
            values["building_id"] = building.id
        else:
            link = self._one("oiconnect.pm.link", "pm_id", pm.id)
            values |= {"link_id": link.id, "fibre_count": story.line["fibre_count"]}
        dialogs = self._by_hand(self.env[f"{story.model}.new"], story.model)
        order = dialogs.create(values)._take_order()
        return self.env[story.model].browse(order.id)

    # ------------------------------------------------------------------
    # Steps
    # ------------------------------------------------------------------

    def _says(self, record, given, moment):
        """The operator drops a file about its order."""
        flow, more = given
        line = {
            "oc_reference": record.oc_reference or None,
            "service_reference": record.service_reference or None,
            "pm_reference": record.pm_id.reference,
            **self._usual_words(flow, moment.date()),
            **more,
        }
        operator = record.operator_id.interop_code
        self.files.drop(flow, [(operator, moment, line)])

    def _usual_words(self, flow, day):
        today = day.isoformat()
        usual = {"date": today, "request_date": today}
        if flow in ("ARMAD", "CRVALLIEN", "ADDU"):
            usual["result"] = "OK"
        if flow == "ADDU":
            usual["adduction_date"] = today
        if flow == "INTERP":
            usual["planned_date"] = (day + NOTICE).isoformat()
        return usual

    def _read(self, record, operators, moment):
        """Operators acknowledge the report that they had on the PM of the order."""
        for code in operators:
            [order] = self.env[PM].search(
                [
                    ("pm_id", "=", record.pm_id.id),
                    ("operator_id.interop_code", "=", code),
                    ("state", "=", "delivered"),
                ]
            )
            self._says(order, ("ARMAD", {}), moment)

    def _decides(self, record, given, moment):
        event, more = given
        comment = more.get("comment")
        decided = self._by_hand(record, record._name)
        if more.get("reason"):
            reason = record._reason(more["reason"])
            decided.write({"reason_id": reason.id, "reason_comment": comment})
        decided._fire(event, note=comment)

    def _runs(self, record, event, moment):
        record._fire(event, JOB)

    def _plans(self, record, days, moment):
        day = moment.date() + timedelta(days=days)
        self._by_hand(record, PB)._fire("plan", date=day)

    def _lays(self, record, given, moment):
        day = record.building_id.cabling_date
        self._by_hand(record, PB)._fire("lay", date=day)

    def _restore_change_dates(self):
        """Let addresses be those of the IPE file, though we played their orders."""
        self.env.flush_all()
        for building_id, day in self.changed.items():
            self.env.cr.execute(
                "UPDATE oiconnect_building SET last_change_date = %s WHERE id = %s",
                [day, building_id],
            )
        self.env.invalidate_all()

    # ------------------------------------------------------------------
    # What is to do now
    # ------------------------------------------------------------------

    def _follow_up(self):
        """Mark what is late, and share some of the work."""
        for model in ORDERS:
            orders = self.env[model].search([("network_id", "=", self.network.id)])
            orders.filtered_domain([("due_date", "<", Datetime.now())])._mark_late()
            person = self.env.ref(PEOPLE.get(model, PERSON))
            orders.todo_ids[::3].user_id = person
