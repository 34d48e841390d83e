from datetime import date, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from ..appointment_common import NOW, AppointmentCase, make_team


@tagged("post_install", "-at_install")
class TestAppointmentScreens(AppointmentCase):
    """OI staff book, move, propose and answer from the screens."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = new_test_user(
            cls.env, "rdv_test", "oiconnect_base.group_access_user", tz="Europe/Paris"
        )
        cls.reader = new_test_user(
            cls.env, "rdv_lecture", "oiconnect_base.group_access_read"
        )
        cls.manager = new_test_user(
            cls.env, "rdv_admin", "oiconnect_base.group_access_manager"
        )

    def _choice(self, action):
        return (
            self.env[action["res_model"]].with_user(self.user).browse(action["res_id"])
        )

    # ------------------------------------------------------------------
    # Booking for an operator that calls
    # ------------------------------------------------------------------

    def test_a_visit_is_booked_for_an_operator_that_calls(self):
        visits = self.env["oiconnect.appointment"].with_user(self.user)
        action = visits.action_book()
        form = Form(self.env[action["res_model"]].with_user(self.user))
        form.operator_id = self.operator
        form.commune_id = self.commune
        form.oc_reference = "OCT-TEL"
        form.comment = "Sonner deux fois"
        choice = self._choice(form.save().action_search())
        line = choice.slot_ids[0]
        self.assertEqual(line.team_id, self.team)
        self.assertEqual(line.hours, "10:00 – 12:00")
        opened = line.action_take()
        visit = self.env["oiconnect.appointment"].browse(opened["res_id"])
        self.assertEqual((visit.state, visit.operator_id), ("created", self.operator))
        self.assertEqual(
            (visit.oc_reference, visit.comment), ("OCT-TEL", "Sonner deux fois")
        )
        self.assertEqual(visit.step_ids.user_id, self.user)

    def test_the_building_tells_the_commune(self):
        self.building.commune_id = self.elsewhere
        form = Form(self.env["oiconnect.appointment.choice"].with_user(self.user))
        form.building_id = self.building
        self.assertEqual(form.commune_id, self.elsewhere)

    def test_slots_are_searched_once_the_commune_is_known(self):
        choice = self.env["oiconnect.appointment.choice"].create(
            {"network_id": self.network.id}
        )
        with self.assertRaisesRegex(UserError, "commune"):
            choice.action_search()
        choice.commune_id = self.commune
        choice.action_search()
        with self.assertRaisesRegex(UserError, "operator"):
            choice.slot_ids[0].action_take()

    def test_one_looks_at_the_weeks_around(self):
        visit = self._book()
        choice = self._choice(visit.with_user(self.user).action_move())
        self.assertEqual(choice.first_day, date(2026, 11, 24))
        first = choice.slot_ids.mapped("day")
        choice.action_later()
        self.assertEqual(choice.first_day, date(2026, 12, 1))
        self.assertNotEqual(choice.slot_ids.mapped("day"), first)
        choice.action_earlier()
        self.assertEqual(choice.slot_ids.mapped("day"), first)

    def test_a_week_without_slots_is_said(self):
        visit = self._book()
        self.team.active = False
        choice = self._choice(visit.with_user(self.user).action_move())
        self.assertFalse(choice.slot_ids)
        self.assertTrue(choice.searched)

    def test_a_slot_taken_meanwhile_is_reported(self):
        visit = self._book()
        choice = self._choice(visit.with_user(self.user).action_move())
        line = choice.slot_ids[1]
        self._book(line.reference)
        french = line.with_context(lang="fr_FR")
        with self.assertRaisesRegex(UserError, r"cherchez de nouveau.*\(FRDV02\)"):
            french.action_take()

    # ------------------------------------------------------------------
    # Answers
    # ------------------------------------------------------------------

    def test_we_move_beyond_the_limit_of_the_operator(self):
        self.network.appointment_move_limit = 0
        visit = self._book()
        choice = self._choice(visit.with_user(self.user).action_move())
        choice.comment = "Client rappelé"
        choice.slot_ids[3].action_take()
        self.assertEqual(visit.move_count, 1)
        self.assertIn("Client rappelé", self._last_step(visit).note)

    # ------------------------------------------------------------------
    # Dragged in the planning
    # ------------------------------------------------------------------

    def _offers(self, visit):
        first = visit.start - timedelta(days=1)
        return self.env["oiconnect.appointment"]._search_slots(
            self.network, self.commune, first, first + timedelta(days=7)
        )

    def test_a_visit_is_dragged_to_the_slot_of_that_moment(self):
        self.network.appointment_move_limit = 0
        visit = self._book()
        offer = next(one for one in self._offers(visit) if one.start > visit.stop)
        dropped = offer.start + timedelta(minutes=45)
        visit.with_user(self.user).action_move_to(str(dropped))
        self.assertEqual((visit.start, visit.stop), (offer.start, offer.stop))
        self.assertEqual((visit.team_id, visit.move_count), (offer.team, 1))

    def test_a_visit_that_is_dropped_within_its_slot_stays(self):
        visit = self._book()
        visit.with_user(self.user).action_move_to(
            str(visit.start + timedelta(minutes=15))
        )
        self.assertEqual((visit.state, visit.move_count), ("created", 0))

    def test_where_no_slot_is_free_the_hours_of_the_day_are_said(self):
        visit = self._book().with_user(self.user)
        hours = {one.start for one in self._offers(visit)}
        night = max(hours).replace(hour=1)
        with self.assertRaisesRegex(UserError, r"slots begin at: \d\d:\d\d"):
            visit.action_move_to(str(night))
        with self.assertRaisesRegex(UserError, "No slot is free on the day"):
            visit.action_move_to(str(night + timedelta(days=3650)))
        for wrong in ("tomorrow", "", False, "9999-12-31 23:00:00", [1]):
            with self.assertRaisesRegex(UserError, "no date with a time"):
                visit.action_move_to(wrong)
        self.assertEqual(visit.move_count, 0)

    def test_who_only_reads_drags_nothing(self):
        visit = self._book()
        with self.assertRaises(AccessError):
            visit.with_user(self.reader).action_move_to(str(visit.stop))

    # ------------------------------------------------------------------
    # Answers of ours
    # ------------------------------------------------------------------

    def test_we_propose_another_slot(self):
        visit = self._book()
        choice = self._choice(visit.with_user(self.user).action_propose())
        self.assertEqual(choice.purpose, "propose")
        choice.slot_ids[3].action_take()
        self.assertEqual(visit.awaits, "operator")

    def test_what_the_state_forbids_is_not_offered(self):
        visit = self._book()
        visit._fire("cancel")
        visit = visit.with_user(self.user)
        for action in (
            visit.action_move,
            visit.action_propose,
            visit.action_confirm,
            visit.action_visit,
            visit.action_miss,
            visit.action_cancel,
        ):
            with self.subTest(action.__name__), self.assertRaises(UserError):
                action()

    def test_the_buttons_fire_their_events(self):
        for action, state in (
            ("action_visit", "done"),
            ("action_miss", "customer_absent"),
            ("action_cancel", "cancelled"),
        ):
            visit = self._book().with_user(self.user)
            visit.action_confirm()
            getattr(visit, action)()
            self.assertEqual(visit.state, state)
            self.assertEqual(self._last_step(visit).user_id, self.user)

    def test_several_requests_are_confirmed_at_once(self):
        self.team.capacity = 3
        visits = self._book() | self._book()
        visits.with_user(self.user).action_confirm()
        self.assertEqual(set(visits.mapped("state")), {"confirmed"})

    # ------------------------------------------------------------------
    # From the order and back
    # ------------------------------------------------------------------

    def test_the_order_leads_to_its_visit_and_back(self):
        order = self._oi_order().with_user(self.user)
        visit = order.appointment_id
        self.assertEqual(order.appointment_count, 1)
        self.assertEqual(order.action_view_appointments()["res_id"], visit.id)
        self.assertEqual(visit.action_view_order()["res_id"], order.id)
        another = self._book(self._slots()[4].reference)
        another._attach_order(order.sudo())
        order.invalidate_recordset()
        action = order.action_view_appointments()
        self.assertEqual(set(action["domain"][0][2]), set((visit | another).ids))

    def test_a_visit_is_booked_for_an_order_that_has_none(self):
        self.building.commune_id = self.commune
        self.team.active = False
        order = self._order(connection_type="OI", appointment_reference="AILLEURS-1")
        self.team.active = True
        self.env["oiconnect.reason"]._of("FINT04")
        order.reason_id = self.env["oiconnect.reason"]._of("FINT04")
        order._fire("connection_failed")
        choice = self._choice(order.with_user(self.user).action_book_appointment())
        self.assertEqual(choice.operator_id, self.operator)
        opened = choice.slot_ids[0].action_take()
        visit = self.env["oiconnect.appointment"].browse(opened["res_id"])
        self.assertEqual((visit.order_id, visit.awaits), (order, "us"))
        self.assertEqual(order.appointment_reference, visit.reference)
        self.assertFalse(visit.expiry_date)
        visit.with_user(self.user).action_confirm()
        self.assertEqual(order.state, "connecting")

    def test_a_calendar_names_visits_by_their_place(self):
        visit = self._book()
        self.assertEqual(visit.display_name, visit.reference)
        named = visit.with_context(named_by_place=True).display_name
        self.assertEqual(named, f"{self.commune.name} – OCT1 ({visit.reference})")

    def test_a_reference_pasted_in_the_search_leads_to_its_visit(self):
        visit = self._book()
        search = self.env["oiconnect.quick.search"].with_user(self.reader)
        [group] = search.find(visit.reference)["groups"]
        self.assertEqual(group["model"], visit._name)
        self.assertEqual([row["id"] for row in group["records"]], visit.ids)

    # ------------------------------------------------------------------
    # The map of a day
    # ------------------------------------------------------------------

    def test_the_map_of_a_day_tells_its_visits_in_their_order(self):
        other = make_team(self.env, self.network, name="Autre")
        self.building.write({"latitude": 45.9, "longitude": 5.3})
        self.commune.write({"latitude": 45.8, "longitude": 5.2})
        slots = [slot for slot in self._slots() if self._clock(slot.start)[:2] == "24"]
        near = next(slot for slot in slots if slot.team == self.team)
        late = [slot for slot in slots if slot.team == other][-1]
        exact = self._book(near.reference, building_id=self.building.id)
        vague = self._book(late.reference)
        gone = self._book(slots[2].reference)
        gone._fire("cancel")
        day_map = self.appointments.with_user(self.reader).day_map("2026-11-24")
        self.assertEqual(day_map["day"], "2026-11-24")
        visits = day_map["visits"]
        self.assertEqual([visit["id"] for visit in visits], (exact | vague).ids)
        self.assertEqual([visit["rank"] for visit in visits], [1, 2])
        self.assertEqual(visits[0]["hours"], "10:00 – 12:00")
        self.assertEqual((visits[0]["lat"], visits[0]["is_exact"]), (45.9, True))
        self.assertEqual((visits[1]["lat"], visits[1]["is_exact"]), (45.8, False))
        self.assertEqual(
            {team["name"] for team in day_map["teams"]}, {self.team.name, "Autre"}
        )
        alone = self.appointments.day_map("2026-11-24", other.id)["visits"]
        self.assertEqual([visit["id"] for visit in alone], vague.ids)
        self.assertEqual(self.appointments.day_map()["day"], "2026-11-23")

    def test_every_state_of_the_map_has_its_own_mark(self):
        marks = [
            (colour, shape) for _k, _l, colour, shape in self.appointments._day_states()
        ]
        self.assertEqual(len(set(marks)), len(marks))
        self.assertEqual(len({shape for _colour, shape in marks}), len(marks))

    # ------------------------------------------------------------------
    # Rights
    # ------------------------------------------------------------------

    def test_a_reader_sees_and_does_nothing(self):
        visit = self._book().with_user(self.reader)
        self.assertEqual(visit.state, "created")
        self.assertEqual(visit.step_ids.event, "create")
        self.assertTrue(visit.team_id.name)
        self.assertNotIn("comment", visit.fields_get())
        for action in (visit.action_confirm, visit.action_move, visit.action_book):
            with self.subTest(action.__name__), self.assertRaises(AccessError):
                action()

    def test_no_path_leads_past_the_slots(self):
        """A user's own calls neither make an appointment nor change its slot."""
        visit = self._book().with_user(self.user)
        visit.write({"address": "12 RUE DES ESSAIS", "segment": "ENTREPRISE"})
        for vals in (
            {"start": NOW},
            {"team_id": self.team.id},
            {"seat": 7},
            {"order_id": False},
            {"expiry_date": False},
            {"state": "confirmed"},
        ):
            with self.subTest(vals), self.assertRaises(UserError):
                visit.write(vals)
        with self.assertRaises(AccessError):
            visit.copy()

    def test_without_the_right_neither_menu_nor_data(self):
        stranger = new_test_user(
            self.env, "sans_rdv", "oiconnect_base.group_infra_manager"
        )
        for model in ("oiconnect.appointment", "oiconnect.appointment.team"):
            with self.assertRaises(AccessError):
                self.env[model].with_user(stranger).search_read([], ["id"])
        menus = self.env["ir.ui.menu"].with_user(stranger)._visible_menu_ids()
        for name in ("appointment", "appointment_request", "appointment_day"):
            menu = self.env.ref(f"oiconnect_orders.menu_{name}")
            self.assertNotIn(menu.id, menus)

    def test_teams_and_their_holidays_are_the_administrators(self):
        teams = self.env["oiconnect.appointment.team"]
        with self.assertRaises(AccessError):
            self.team.with_user(self.user).capacity = 9
        team = teams.with_user(self.manager).create(
            {
                "name": "Nouvelle équipe",
                "network_id": self.network.id,
                "calendar_id": self.team.calendar_id.id,
            }
        )
        team.name = "Équipe renommée"
        vals = {
            "name": "Congé",
            "date_from": NOW,
            "date_to": NOW + timedelta(days=1),
            "resource_id": team.resource_id.id,
        }
        leaves = self.env["resource.calendar.leaves"]
        leave = leaves.with_user(self.manager).create(vals)
        closed = leaves.with_user(self.manager).create(vals | {"resource_id": False})
        for user in (self.user, self.reader):
            with self.assertRaises(AccessError):
                leave.with_user(user).name = "Supprimé"
            with self.assertRaises(AccessError):
                leaves.with_user(user).create(vals)
        (leave | closed).with_user(self.manager).unlink()
        team.unlink()

    def test_visits_and_teams_of_another_company_are_not_seen(self):
        visit = self._book()
        self.network.company_id = self.env["res.company"].create({"name": "Autre OI"})
        self.env.flush_all()
        for record in (visit, self.team):
            found = record.with_user(self.user).search([("id", "=", record.id)])
            self.assertFalse(found)

    def test_the_menu_of_requests_opens_on_what_waits_for_us(self):
        waiting, proposed, confirmed = (self._book() for _rank in range(3))
        proposed._propose(self._slots()[3].reference)
        confirmed._fire("confirm")
        view = self.env.ref("oiconnect_orders.appointment_view_search")
        self.assertIn('name="to_validate"', view.arch)
        domain = [("state", "in", ("created", "postponed")), ("awaits", "=", "us")]
        found = self.appointments.search(
            domain + [("network_id", "=", self.network.id)]
        )
        self.assertEqual(found, waiting)
