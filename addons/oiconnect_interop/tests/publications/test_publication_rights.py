from odoo.exceptions import AccessError, UserError
from odoo.tests import Form
from odoo.tests.common import new_test_user, tagged

from odoo.addons.queue_job.tests.common import trap_jobs

from .publication_common import MadeCase

INFRA = "oiconnect_base.group_infra_"


@tagged("post_install", "-at_install")
class TestPublicationRights(MadeCase):
    """Rights to see, publish, send and plan files; confirmations."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reader, cls.user = (
            new_test_user(cls.env, f"pub_{level}", INFRA + level, lang="fr_FR")
            for level in ("read", "user")
        )
        cls.stranger = new_test_user(
            cls.env, "pub_autre", "oiconnect_base.group_billing_manager"
        )

    def setUp(self):
        super().setUp()
        self._publish("full")
        self._run()
        self.old, self.new = self._found()

    def _as(self, user, records):
        """The records as the web client of a French user has them."""
        return records.with_user(user).with_context(lang="fr_FR")

    def _open(self, user, action):
        """Open the window of ``action``, as the web client does."""
        model = self._as(user, self.env[action["res_model"]])
        return model.with_context(**action["context"])

    def _ask(self, user, publication=None):
        """Open the confirmation of a sending as ``user`` does."""
        publication = self._as(user, publication or self.new)
        return self._open(user, publication.action_send())

    def _send(self, operator, user=None):
        model = self._ask(user or self.user)
        wizard = model.create({"operator_id": operator.id})
        action = wizard.action_send()
        self.env.invalidate_all()
        return action

    def _got(self, operator, publication=None):
        return (publication or self.new).delivery_ids.filtered(
            lambda delivery: delivery.operator_id == operator
        )

    # -- rights -----------------------------------------------------------------------

    def test_stranger_sees_nothing(self):
        for model in ("publication", "publication.plan", "publication.delivery"):
            with self.assertRaises(AccessError):
                self.env[f"oiconnect.{model}"].with_user(self.stranger).search([])

    def test_reader_sees_files_and_deliveries_and_does_nothing(self):
        seen = self._as(self.reader, self.new)
        self.assertEqual(seen.delivery_text, "0 / 2 livrées")
        self.assertEqual(len(seen.delivery_ids.read(["operator_id", "state"])), 2)
        self.assertIn("/file/", seen.action_download()["url"])
        self.assertEqual(seen.file, self.new.file)
        for action in ("action_send", "action_retry", "action_cancel"):
            with self.subTest(action), self.assertRaises(UserError):
                getattr(seen, action)()
        with self.assertRaises(UserError):
            seen.delivery_ids.action_send_again()
        with self.assertRaises(AccessError):
            self.plan.with_user(self.reader).name = "autre"

    def test_user_publishes_and_does_not_plan(self):
        plan = self.plan.with_user(self.user)
        with self.assertRaises(AccessError):
            plan.name = "autre"
        with self.assertRaises(AccessError):
            plan.schedule_ids[0].active = False
        wizard = self._now(self.user)
        wizard.full = True
        with trap_jobs() as trap:
            wizard.save().action_publish()
            trap.assert_jobs_count(1)
        self.assertEqual(
            self._kinds(self._found() - self.old - self.new),
            [
                ("delta_ipe", "V3.0"),
                ("delta_ipe", "V3.1"),
                ("ipe", "V3.0"),
                ("ipe", "V3.1"),
            ],
        )

    def _now(self, user):
        action = self._as(user, self.plan).action_publish()
        return Form(self._open(user, action))

    def test_what_is_published_now_is_chosen(self):
        wizard = self._now(self.user)
        self.assertEqual(wizard.recipients, "OCP1, OCP2, OCP3")
        self.assertEqual(wizard.versions, "IPE V3.0, IPE V3.1")
        wizard.delta = False
        with self.assertRaisesRegex(UserError, "Cochez"):
            wizard.save().action_publish()

    def test_manager_plans(self):
        with Form(self.plan.with_user(self.person)) as form:
            form.name = "IPE de la zone"
            form.retention_days = 90
            with form.schedule_ids.edit(1) as line:
                line.rhythm = "weekly"
                line.weekday = "6"
                line.clock = 4.5
        full = self.plan.schedule_ids[1]
        self.assertEqual((full.hour, full.minute, full.weekday), (4, 30, "6"))
        self.assertEqual(full.next_date.weekday(), 6)

    def test_manager_chooses_a_format_without_a_right_on_exchanges(self):
        self.assertFalse(self.person.has_group("oiconnect_base.group_exchange_read"))
        form = self.env["oiconnect.flow.format"].search(
            [("flow_id.code", "=", "IPE"), ("version", "=", "V3.0")], limit=1
        )
        plan = self.plan.with_user(self.person)
        plan.format_ids = form
        self.assertEqual(plan.format_ids.mapped("display_name"), ["IPE V3.0"])

    def test_files_are_not_written_by_hand(self):
        for user in (self.user, self.person):
            mine = self.new.with_user(user)
            for vals in ({"state": "waiting"}, {"file": False}, {"name": "x"}):
                with self.assertRaises(AccessError):
                    mine.write(vals)
            with self.assertRaises(AccessError):
                mine.unlink()
            with self.assertRaises(AccessError):
                mine.create({"kind": "ipe", "network_id": self.network.id})

    def test_a_plan_that_published_is_archived_not_deleted(self):
        with self.assertRaisesRegex(UserError, "archive"):
            self.plan.unlink()

    def test_files_of_another_company_are_hidden(self):
        self.network.company_id = self.env["res.company"].create({"name": "Autre"})
        self.env.flush_all()
        for model in ("", ".plan", ".schedule", ".delivery", ".progress"):
            records = self.env[f"oiconnect.publication{model}"].with_user(self.person)
            owner = "network_id" if model in ("", ".plan") else "company_id"
            mine = self.network if owner == "network_id" else self.network.company_id
            with self.subTest(model):
                self.assertFalse(records.search([(owner, "=", mine.id)]))

    def test_a_plan_is_published_from_where_its_files_are(self):
        files = self.env["oiconnect.publication"].with_user(self.user)
        wizard = Form(self._open(self.user, files.action_publish_now()))
        wizard.plan_id = self.plan
        self.assertIn("OCP1", wizard.recipients)
        with trap_jobs() as trap:
            wizard.save().action_publish()
            trap.assert_jobs_count(1)
        with self.assertRaises(UserError):
            files.with_user(self.reader).action_publish_now()

    # -- sending again ----------------------------------------------------------------

    def test_a_file_goes_to_the_operator_that_is_chosen(self):
        other = self.operators[1]
        self.assertFalse(self._got(other))
        action = self._send(other)
        self.assertEqual(self._got(other).state, "waiting")
        self.assertIn("en route vers Opérateur OCP2", action["params"]["message"])

    def test_who_has_the_file_gets_it_once_more(self):
        operator = self.operators[0]
        exchange = self.env["oiconnect.exchange"].browse(self._got(operator).id)
        exchange._note_sent()
        self.env.invalidate_all()
        self.assertEqual(self._got(operator).state, "sent")
        self.assertEqual(self.new.delivery_text, "1 / 2 delivered")
        self._send(operator)
        self.env.invalidate_all()
        self.assertEqual(self._got(operator).state, "waiting")
        self.assertEqual(len(self.new.delivery_ids), 2, "one row an operator")

    def test_reader_does_not_send_by_the_wizard_either(self):
        model = self.env["oiconnect.publication.send"].with_user(self.reader)
        with self.assertRaises(AccessError):
            model.create(
                {"publication_id": self.new.id, "operator_id": self.operators[1].id}
            )

    def test_a_file_that_was_not_published_is_not_sent(self):
        made = self._publish("delta")
        with self.assertRaisesRegex(UserError, "pas de fichier"):
            self._ask(self.user, made[0])

    def test_one_delivery_is_sent_again_from_its_line(self):
        operator = self.operators[0]
        self.env["oiconnect.exchange"].browse(self._got(operator).id)._note_sent()
        self.env.invalidate_all()
        with trap_jobs():
            self._got(operator).with_user(self.user).action_send_again()
        self.env.invalidate_all()
        self.assertEqual(self._got(operator).state, "waiting")
        others = self.new.delivery_ids - self._got(operator)
        self.assertEqual(others.mapped("state"), ["waiting"])
