from psycopg2.errors import InsufficientPrivilege

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..common import InfraCase


@tagged("post_install", "-at_install")
class TestChange(InfraCase):
    """The history is append-only for everyone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.building.state = "deploying"
        cls.line = cls.building.change_ids[0]

    def test_not_by_the_orm_not_even_as_superuser(self):
        admin = self.env.ref("base.user_admin")
        for line in (self.line.with_user(admin), self.line.sudo(), self.line):
            with self.assertRaises(UserError):
                line.write({"after": "deployed"})
            with self.assertRaises(UserError):
                line.unlink()

    def test_not_created_by_a_user_either(self):
        admin = self.env.ref("base.user_admin")
        with self.assertRaises(AccessError):
            self.env["oiconnect.change"].with_user(admin).create(
                {"res_model": "oiconnect.pm", "res_id": 1, "kind": "write"}
            )

    def test_whom_the_history_names_is_not_deleted(self):
        user = new_test_user(self.env, "raconte", "oiconnect_base.group_infra_user")
        self.building.with_user(user).state = "abandoned"
        with self.assertRaisesRegex(UserError, "raconte.*history"):
            user.unlink()
        other = new_test_user(self.env, "muet", "oiconnect_base.group_infra_user")
        other.unlink()
        self.assertFalse(other.exists())

    def test_a_network_with_a_history_is_not_deleted(self):
        network = self.building.network_id.copy({"code": "TEST_09", "name": "Effacé"})
        building = self.net.building("IMB/9", network_id=network.id, pm_id=False)
        building.unlink()
        with self.assertRaisesRegex(UserError, "Effacé.*history"):
            network.unlink()

    def test_what_something_else_warrants_has_no_foreign_key(self):
        self.cr.execute(
            """SELECT conrelid::regclass::text, a.attname FROM pg_constraint
                 JOIN pg_attribute a ON a.attrelid = conrelid AND a.attnum = conkey[1]
                WHERE contype = 'f' AND conrelid IN
                      ('oiconnect_change'::regclass, 'oiconnect_building'::regclass)"""
        )
        keys = set(self.cr.fetchall())
        self.assertNotIn(("oiconnect_change", "user_id"), keys)
        self.assertNotIn(("oiconnect_building", "company_id"), keys)
        self.assertIn(("oiconnect_building", "network_id"), keys)

    @mute_logger("odoo.sql_db")
    def test_not_by_sql(self):
        for statement in (
            "UPDATE oiconnect_change SET after = 'deployed'",
            "DELETE FROM oiconnect_change",
            "TRUNCATE oiconnect_change",
        ):
            with (
                self.subTest(statement),
                self.assertRaisesRegex(InsufficientPrivilege, "append-only"),
                self.cr.savepoint(),
            ):
                self.cr.execute(statement)

    def test_its_triggers_fire_in_every_kind_of_session(self):
        """Sessions of replication put ordinary triggers aside."""
        self.cr.execute(
            "SELECT tgname, tgenabled FROM pg_trigger "
            "WHERE tgrelid = 'oiconnect_change'::regclass AND NOT tgisinternal"
        )
        self.assertEqual(
            dict(self.cr.fetchall()), {"append_only": "A", "no_truncate": "A"}
        )

    def test_the_table_can_still_be_dropped(self):
        """Uninstalling the addon must not be impossible."""
        self.env.flush_all()
        savepoint = self.cr.savepoint(flush=False)
        self.cr.execute("DROP TABLE oiconnect_change")
        savepoint.close(rollback=True)
        self.assertEqual(self.line.after, "deploying")

    def test_many_lines_are_one_insertion(self):
        rows = [
            {
                "res_model": "oiconnect.building",
                "res_id": self.building.id,
                "kind": "write",
                "field": "dwelling_count",
                "before": str(rank),
                "after": str(rank + 1),
            }
            for rank in range(500)
        ]
        # One COPY, which is not counted.
        with self.assertQueryCount(0):
            self.env["oiconnect.change"]._log(rows)
        found = self.env["oiconnect.change"].search(
            [("res_id", "=", self.building.id), ("field", "=", "dwelling_count")],
            order="id",
        )
        self.assertEqual(found.mapped("before"), [str(rank) for rank in range(500)])

    def test_equal_lines_are_all_stored(self):
        row = {"res_model": "x", "res_id": 1, "kind": "create"}
        before = self.env["oiconnect.change"].search_count([])
        self.env["oiconnect.change"]._log([row, row, row])
        self.assertEqual(self.env["oiconnect.change"].search_count([]), before + 3)

    def test_nothing_to_log_costs_nothing(self):
        with self.assertQueryCount(0):
            self.env["oiconnect.change"]._log([])

    def test_why_and_from_which_batch(self):
        self.building.with_context(
            oiconnect_reason="DESTRUCTION IMMEUBLE", oiconnect_batch="import:12"
        ).state = "abandoned"
        line = self.building.change_ids[0]
        self.assertEqual(line.reason, "DESTRUCTION IMMEUBLE")
        self.assertEqual(line.batch, "import:12")
        self.assertEqual(line.user_id, self.env.user)
        self.assertEqual(line.reference, "IMB/99001/X/0001")

    def test_read_in_the_words_of_the_screens(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        user = new_test_user(
            self.env, "lectrice", "oiconnect_base.group_infra_read", lang="fr_FR"
        )
        line = self.line.with_user(user).with_context(lang="fr_FR")
        self.assertEqual(line.object_label, "Immeuble")
        self.assertEqual(line.field_label, "État")
        self.assertEqual(line.before_label, "Cible")
        self.assertEqual(line.after_label, "En cours de déploiement")

    def test_dates_and_flags_are_read_in_the_words_of_the_screens(self):
        self.building.write({"cabling_date": "2025-04-15", "is_new": True})
        lines = self.building.change_ids[:2].sorted("field")
        self.assertEqual(lines.mapped("after"), ["2025-04-15", "true"])
        french = lines.with_context(lang="fr_FR")
        self.assertEqual(french.mapped("after_label"), ["15/04/2025", "Oui"])
        self.assertEqual(french.mapped("before_label"), [False, "Non"])

    def test_lines_of_a_model_that_is_gone_are_still_read(self):
        self.env["oiconnect.change"]._log(
            [{"res_model": "gone.model", "res_id": 1, "kind": "write", "field": "x"}]
        )
        line = self.env["oiconnect.change"].search([], limit=1)
        self.assertEqual((line.object_label, line.field_label), ("gone.model", "x"))
