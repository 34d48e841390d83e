from odoo import fields
from odoo.tests import Form, tagged

from odoo.addons.oiconnect_base.workflow import JOB

from ..appointment_common import AppointmentCase
from ..timeline_common import TimelineReader


@tagged("post_install", "-at_install")
class TestTimeline(TimelineReader, AppointmentCase):
    """The form of an order tells its whole life in one list."""

    def _entries(
        self, order, user=None, kinds=("step", "message", "decision", "visit")
    ):
        return [
            (entry["kind"], entry["title"], entry["text"])
            for entry in self._read(order, user)
            if entry["kind"] in kinds
        ]

    # ------------------------------------------------------------------
    # Lives
    # ------------------------------------------------------------------

    def test_from_the_receipt_to_the_service_in_the_words_of_the_reader(self):
        user = self._user("access_user")
        order = self._order()
        order._fire("connected")
        order._fire("activate")
        self.assertEqual(
            self._entries(order, user, kinds=("step",)),
            [
                ("step", "Création", "Reçue"),
                ("step", "Accusé de réception", "Reçue → Accusée"),
                ("step", "Acceptation", "Accusée → Acceptée"),
                ("step", "Lancement du raccordement", "Acceptée → En raccordement"),
                ("step", "Raccordement réussi", "En raccordement → Mise à disposition"),
                ("step", "Mise en service", "Mise à disposition → En service"),
            ],
        )
        messages = self._entries(order, user, kinds=("message",))
        self.assertEqual(
            [text.split(" · ")[0] for _kind, _title, text in messages],
            ["OK", "OK", "À envoyer", "OK"],
        )
        self.assertEqual(
            self._entries(order, user, kinds=("decision",)),
            [("decision", "Étude", "Acceptée")],
        )

    def test_the_newest_is_first_and_the_cause_before_what_follows(self):
        order = self._order()
        entries = self._read(order)
        dates = [entry["date"] for entry in entries]
        self.assertEqual(dates, sorted(dates))
        # All of it in one second, as in a fast worker
        kinds = [entry["kind"] for entry in entries]
        self.assertEqual(
            kinds, sorted(kinds, key=["decision", "step", "message"].index)
        )

    def test_a_rejection_tells_its_reason_and_is_red(self):
        order = self._order(pm_reference=self.other_pm.reference)
        report = self._read(order)[-1]
        self.assertEqual(report["kind"], "message")
        self.assertIn("KO · FIMP08", report["text"])
        decision = next(e for e in self._read(order) if e["kind"] == "decision")
        self.assertIn("FIMP08", decision["text"])
        step = next(e for e in self._read(order) if "Rejet" in e["title"])
        self.assertEqual({entry["style"] for entry in (decision, step)}, {"danger"})

    def test_a_message_that_could_not_leave_says_so(self):
        order = self._order()
        event = order.event_ids[0]
        event.write({"state": "error", "error": "Le format n'existe pas"})
        entry = next(e for e in self._read(order) if event.error in e["text"])
        self.assertEqual((entry["id"], entry["style"]), (event.id, "danger"))

    def test_the_user_on_the_screen_is_named_and_the_note_is_shown(self):
        user = self._user("access_user")
        order = self._order()
        action = order.with_user(user).with_context(decision="cancel").action_decide()
        wizard = self.env[action["res_model"]].with_user(user)
        form = Form(wizard.with_context(**action["context"]))
        form.comment = "Demande par téléphone"
        form.save().action_confirm()
        step = next(e for e in self._read(order, user)[::-1] if e["kind"] == "step")
        self.assertEqual((step["title"], step["who"]), ("Annulation", "Camille"))
        self.assertIn("Demande par téléphone", step["text"])
        self.assertEqual(step["style"], "muted")

    def test_what_came_by_file_or_by_itself_names_no_person(self):
        self.env.user.lang = "fr_FR"
        order = self._receive(self._line())
        order._study(JOB)
        steps = {e["title"]: e["who"] for e in self._read(order)}
        self.assertEqual(steps["Création"], "Fichier")
        self.assertEqual(steps["Acceptation"], "Automatique")

    def test_the_visits_of_an_order_are_part_of_its_story(self):
        user = self._user("access_user")
        visit = self._book(building_id=self.building.id)
        order = self._oi_order(visit)
        order._fire("connected")
        visits = [e for e in self._read(order, user) if e["kind"] == "visit"]
        self.assertEqual(
            [entry["title"].removeprefix("Rendez-vous : ") for entry in visits],
            ["Réservation", "Confirmation", "Visite réalisée"],
        )
        start = fields.Datetime.context_timestamp(order.with_user(user), visit.start)
        self.assertIn(start.strftime("%d/%m/%Y"), visits[-1]["text"])
        self.assertFalse(visits[0]["text"])
        [link] = visits[-1]["links"]
        self.assertEqual((link["model"], link["id"]), (visit._name, visit.id))

    def test_the_former_holder_sees_a_takeover_but_not_by_whom(self):
        holder = self._delivered()
        taker = self._order(
            self.rival, existing_socket=True, pto_reference=holder.pto_id.reference
        )
        taker._fire("connected")
        holder._restore_line("Prise du voisin")
        texts = str(self._read(holder))
        self.assertIn("NOTIF_ECRASEMENT", texts)
        self.assertIn("NOTIF_REPROV", texts)
        self.assertIn("Prise du voisin", texts)
        self.assertNotIn(self.rival.interop_code, texts)

    # ------------------------------------------------------------------
    # Rights, effort
    # ------------------------------------------------------------------

    def test_a_reader_of_orders_sees_what_happened_and_no_message(self):
        reader = self._user("access_read")
        order = self._order(comment="Sonner chez EXEMPLE", connection_type="STOC")
        order._fire("cancel", note="Annulée")
        entries = self._read(order, reader)
        kinds = {entry["kind"] for entry in entries}
        self.assertEqual(kinds, {"step", "decision", "message"})
        messages = [entry for entry in entries if entry["kind"] == "message"]
        self.assertFalse([e for e in messages if e["links"] or "OK" in e["text"]])
        self.assertNotIn("EXEMPLE", str(entries))

    def test_a_user_opens_the_messages_to_the_operator(self):
        order = self._order()
        user = self._user("access_user")
        messages = [e for e in self._read(order, user) if e["kind"] == "message"]
        for entry in messages:
            [link] = entry["links"]
            self.assertEqual(
                (link["model"], link["id"]), ("oiconnect.event", entry["id"])
            )

    def test_a_long_life_takes_no_more_queries_than_a_short_one(self):
        user = self._user("access_user", "exchange_read")
        short, long = self._order(), self._order()
        for order, times in ((short, 1), (long, 20)):
            for _again in range(times):
                order._fire("reprovision_hot", note="Fibre HS")
        self.assertNoMoreQueries(short, long, user, 37)
