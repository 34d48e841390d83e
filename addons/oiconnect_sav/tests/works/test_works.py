from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests.common import Form, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.oiconnect_base.exceptions import WorkflowError

from .works_common import DAY, NOW, WorksCase


@tagged("post_install", "-at_install")
class TestWorks(WorksCase):
    """Life of planned works: the change decides what operators are sent."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = new_test_user(
            cls.env, "hotline_travaux", "oiconnect_base.group_ticket_user"
        )
        cls.reader = new_test_user(
            cls.env, "lecture_travaux", "oiconnect_base.group_ticket_read"
        )

    def _by_user(self, works):
        return works.with_user(self.user)

    def test_works_are_new_and_have_a_reference_of_ours(self):
        works = self._plan()
        self.assertEqual(works.state, "new")
        self.assertRegex(works.reference, r"^OITO-TP-\d{10}$")
        self.assertEqual(works.change_date, NOW)

    def test_the_hotline_plans_works(self):
        works = self.works.with_user(self.user).create(
            {
                "network_id": self.network.id,
                "pm_id": self.pm.id,
                "nature_id": self._nature().id,
                "start_date": NOW + DAY,
                "end_date": NOW + 2 * DAY,
            }
        )
        self.assertEqual((works.state, works.change_date), ("new", NOW))

    def test_other_dates_are_a_replanning(self):
        works = self._plan()
        self._at(
            NOW + DAY, self._by_user(works).write, {"end_date": works.end_date + DAY}
        )
        self.assertEqual(works.state, "replanned")
        self.assertEqual(works.change_date, NOW + DAY)

    def test_corrections_are_an_update(self):
        for values in (
            {"contact": "0100000001"},
            {"comment": "Accès par la cour"},
            {"operator_comment": "Débrancher vos équipements"},
            {"incident_reference": "OITO-INC-0000000001"},
            {"nature_id": self._nature("REFE").id},
        ):
            with self.subTest(values):
                works = self._plan()
                self._by_user(works).write(values)
                self.assertEqual(works.state, "updated")

    def test_dates_count_more_than_corrections(self):
        works = self._plan()
        dates = {"start_date": works.start_date - DAY}
        self._by_user(works).write(dates | {"contact": "0100000001"})
        self.assertEqual(works.state, "replanned")
        self._by_user(works).contact = "0100000002"
        self.assertEqual(works.state, "updated")

    def test_the_same_values_change_nothing(self):
        works = self._plan()
        self._by_user(works).write(
            {"start_date": works.start_date, "comment": works.comment}
        )
        self.assertEqual(works.state, "new")

    def test_all_else_is_fixed(self):
        works = self._by_user(self._plan())
        for values in (
            {"pm_id": self.other_pm.id},
            {"equipment": "pbo"},
            {"pbo_ids": [(6, 0, self.pbo.ids)]},
            {"operator_needed": True},
            {"state": "closed"},
        ):
            with self.subTest(values), self.assertRaises(AccessError):
                works.write(values)

    def test_works_are_cancelled_and_created_anew(self):
        works = self._plan(comment="Pose d'un module")
        action = self._by_user(works).action_replace()
        context = action["context"]
        self.assertEqual(works.state, "new", "nothing happens before it is saved")
        form = Form(self.works.with_user(self.user).with_context(**context))
        self.assertEqual(form.comment, "Pose d'un module")
        form.equipment = "pbo"
        form.pbo_ids.add(self.pbo)
        others = form.save()
        self.assertEqual((works.state, others.state), ("cancelled", "new"))
        self.assertEqual(others.replaces_id, works)
        self.assertNotEqual(others.reference, works.reference)

    def test_what_is_over_is_not_replaced(self):
        works = self._plan()
        self._by_user(works).action_close()
        with self.assertRaises(WorkflowError):
            self._by_user(works).action_replace()
        with self.assertRaises(WorkflowError):
            self._plan(replaces_id=works.id)

    def test_what_is_over_stays_as_it_is(self):
        for end, state in (("action_close", "closed"), ("action_cancel", "cancelled")):
            with self.subTest(end):
                works = self._by_user(self._plan())
                getattr(works, end)()
                self.assertEqual((works.state, works.ended_date), (state, NOW))
                with self.assertRaises(AccessError):
                    works.comment = "Trop tard"
                with self.assertRaises(WorkflowError):
                    works.action_cancel()

    def test_each_step_is_stored(self):
        works = self._plan()
        self._by_user(works).contact = "0100000001"
        self._by_user(works).action_close()
        works.invalidate_recordset(["step_ids"])
        events = works.step_ids.sorted("id").mapped("event")
        self.assertEqual(events, ["create", "update", "close"])
        self.assertTrue(works.with_user(self.reader).step_ids)

    def test_what_the_protocol_needs_is_there(self):
        for values in (
            {"equipment": "pbo"},
            {"equipment": "technical_pm"},
            {"nature_id": self._nature("AUTR").id},
            {"nature_id": self._location().id},
            {"comment": "x" * 513},
            {"pm_id": self.other_pm.id, "pbo_ids": [(6, 0, self.pbo.ids)]},
        ):
            with self.subTest(values), self.assertRaises(ValidationError):
                self._plan(**values)

    @mute_logger("odoo.sql_db")
    def test_dates_and_contact_are_checked_by_the_database(self):
        for values in (
            {"end_date": NOW},
            {"operator_needed": True},
        ):
            with (
                self.subTest(values),
                self.assertRaises(CheckViolation),
                self.env.cr.savepoint(),
            ):
                self._plan(**values)

    def test_every_field_is_declared(self):
        self.assertEqual(self.works._undeclared_fields(), [])

    def test_screens(self):
        works = self._plan()
        model = self.works.with_user(self.user)
        for kind in ("list", "calendar", "form", "search"):
            arch = model.get_view(view_type=kind)["arch"]
            self.assertIn("nature_id", arch, kind)
        form = Form(works.with_user(self.user))
        form.contact = "0100000001"
        form.save()
        self.assertEqual(works.state, "updated")
        action = self.env.ref("oiconnect_sav.works_action")
        self.assertIn("o_view_nocontent_smiling_face", action.help)
        found = self.env["oiconnect.quick.search"].find(works.reference)["groups"]
        self.assertEqual([group["model"] for group in found], ["oiconnect.works"])

    def test_works_are_never_deleted(self):
        with self.assertRaises(UserError):
            self._plan().unlink()

    def test_readers_read(self):
        works = self._plan().with_user(self.reader)
        self.assertTrue(works.read(["reference", "impacted_count"]))
        with self.assertRaises(AccessError):
            works.comment = "Non"
        with self.assertRaises(AccessError):
            works.action_cancel()

    def test_another_company_sees_nothing(self):
        works = self._plan()
        company = self.env["res.company"].create({"name": "Autre société"})
        stranger = new_test_user(
            self.env,
            "etranger_travaux",
            "oiconnect_base.group_ticket_user",
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )
        self.assertNotIn(works, self.works.with_user(stranger).search([]))
        with self.assertRaises(AccessError):
            works.with_user(stranger).read(["reference"])
