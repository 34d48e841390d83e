from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo.fields import Datetime

from odoo.addons.oiconnect_base.workflow import Origin

from .common import OrderCase

# A Monday morning
NOW = datetime(2026, 11, 23, 8, 0)


def make_calendar(env, hours=((8, 12), (13, 17)), days=range(5)):
    """Return working hours: those of each of the ``days``."""
    return env["resource.calendar"].create(
        {
            "name": "Semaine d'essai",
            "tz": "Europe/Paris",
            "attendance_ids": [(5, 0, 0)]
            + [
                (
                    0,
                    0,
                    {
                        "name": f"{day} {start}",
                        "dayofweek": str(day),
                        "hour_from": start,
                        "hour_to": stop,
                        "day_period": "morning" if start < 12 else "afternoon",
                    },
                )
                for day in days
                for start, stop in hours
            ],
        }
    )


def make_team(env, network, **values):
    calendar = values.pop("calendar", None) or make_calendar(env)
    return env["oiconnect.appointment.team"].create(
        {
            "name": "Équipe d'essai",
            "network_id": network.id,
            "calendar_id": calendar.id,
            "notice_hours": 24,
            **values,
        }
    )


def make_commune(env, code="99001", name="Exempleville"):
    communes = env["oiconnect.commune"]
    return communes._by_insee([code]).get(code) or communes.create(
        {"name": name, "insee_code": code}
    )


class AppointmentCase(OrderCase):
    """One team that visits the customers of the small network."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.commune = make_commune(cls.env)
        cls.elsewhere = make_commune(cls.env, "99002", "Autreville")
        cls.team = make_team(cls.env, cls.network)
        cls.appointments = cls.env["oiconnect.appointment"].with_context(
            tracking_disable=True
        )
        # Postgres' own clock goes on: what is compared comes from Python's.
        cls.startClassPatcher(freeze_time(NOW))

    def _slots(self, first=NOW, days=7, commune=None, **values):
        return self.appointments._search_slots(
            self.network,
            commune or self.commune,
            first,
            first + timedelta(days=days),
            **values,
        )

    def _try_book(self, slot=None, operator=None, commune=None, **values):
        slot = slot or self._slots()[0].reference
        return self.appointments._book(
            operator or self.operator,
            self.network,
            commune or self.commune,
            slot,
            Origin("soap"),
            **values,
        )

    def _book(self, slot=None, operator=None, **values):
        appointment, refusals = self._try_book(slot, operator, **values)
        self.assertFalse(refusals)
        return appointment

    def _codes(self, result):
        return [refusal.code for refusal in result[1]]

    def _oi_line(self, appointment=None, **values):
        """Return the line of an order that we connect at ``appointment``."""
        appointment = appointment or self._book(building_id=self.building.id)
        return self._line(
            **{
                "connection_type": "OI",
                "appointment_reference": appointment.reference,
                **values,
            }
        )

    def _oi_order(self, appointment=None, operator=None, **values):
        order = self._receive(self._oi_line(appointment, **values), operator=operator)
        order._study()
        return order

    def _run_expiry(self):
        """Run the scheduled action as the scheduler does."""
        cron = self.env.ref("oiconnect_orders.cron_appointment_expire")
        self.env.flush_all()
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()

    def _close(self, start, stop, team=None, calendar=None):
        return self.env["resource.calendar.leaves"].create(
            {
                "name": "Jour férié",
                "date_from": start,
                "date_to": stop,
                "resource_id": team.resource_id.id if team else False,
                "calendar_id": calendar.id if calendar else False,
            }
        )

    def _clock(self, moment):
        paris = self.env["res.users"].with_context(tz="Europe/Paris")
        return Datetime.context_timestamp(paris, moment).strftime("%d %H:%M")


def keep_one_street(network, building, commune):
    """Leave no network but this one, and give the building its address."""
    networks = network.env["oiconnect.network"]
    networks.search([("id", "!=", network.id)]).write({"active": False})
    building.write(
        {
            "commune_id": commune.id,
            "street_type": "RUE",
            "street_name": "DES LILAS",
            "city": "EXEMPLEVILLE",
        }
    )
