from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.oiconnect_base.time_zone import local_today
from odoo.addons.oiconnect_import.bulk import removal
from odoo.addons.queue_job.tests.common import trap_jobs

from .import_common import (
    FILE_NAME,
    WITHOUT_PM,
    ImportCase,
    ipe_file,
    ipe_header,
    ipe_line,
)
from .network_digest import network_digest

OTHER_PM = {"ReferencePM": "OITI-01004-0002"}


@tagged("post_install", "-at_install")
class TestImportRemoval(ImportCase):
    """Update with removal: what left the file is abandoned, never deleted."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].set_param(
            "oiconnect_import.max_abandoned_percent", "100"
        )

    def _limit(self, percent):
        self.env["ir.config_parameter"].set_param(
            "oiconnect_import.max_abandoned_percent", percent
        )

    def _remove(self, lines, **values):
        return self._import(lines, mode="removal", **values)

    def _abandoned(self, record):
        return {
            count.model.removeprefix("oiconnect."): count.abandoned
            for count in record.count_ids
        }

    # -- what is abandoned ------------------------------------------------------------

    def test_buildings_that_left_the_file_are_abandoned(self):
        self._import([ipe_line(rank) for rank in range(1, 6)])
        record = self._remove([ipe_line(rank) for rank in range(1, 4)])
        self.assertEqual(self._abandoned(record), {"pm": 0, "building": 2})
        self.assertEqual(self._counts(record)["building"], (0, 0, 3))
        for rank in (4, 5):
            gone = self._building(rank)
            self.assertEqual(gone.state, "abandoned")
            self.assertEqual(gone.abandoned_date, local_today())
            self.assertEqual(gone.last_change_date, local_today())
            self.assertEqual(gone.write_uid, self.env.user)
        self.assertEqual(self._building(3).state, "deployed")
        self.assertEqual(record.state, "done")

    def test_the_history_tells_it(self):
        self._import([ipe_line(1), ipe_line(2)])
        record = self._remove([ipe_line(1)])
        change = self._changes(record)
        self.assertEqual(change.mapped("reference"), ["IMB/01004/X/0002"])
        self.assertEqual(
            (change.kind, change.field, change.before, change.after),
            ("write", "state", "deployed", "abandoned"),
        )
        self.assertEqual((change.reason, change.user_id), (FILE_NAME, self.env.user))
        self.assertEqual(change.res_id, self._building(2).id)

    def test_pms_whose_buildings_all_left_are_abandoned(self):
        self._import([ipe_line(1), ipe_line(2, OTHER_PM)])
        record = self._remove([ipe_line(1)])
        self.assertEqual(self._abandoned(record), {"pm": 1, "building": 1})
        gone = self._pm("OITI-01004-0002")
        self.assertEqual(
            (gone.state, gone.abandoned_date), ("abandoned", local_today())
        )
        self.assertEqual(self._pm().state, "deployed")

    def test_a_pm_without_building_is_in_no_file(self):
        self.env["oiconnect.pm"].create(
            {"reference": "OITI-01004-0009", "network_id": self.network.id}
        )
        self._import([ipe_line(1)])
        record = self._remove([ipe_line(1)])
        self.assertEqual(self._abandoned(record), {"pm": 0, "building": 0})
        self.assertEqual(self._pm("OITI-01004-0009").state, "planned")

    def test_nothing_is_deleted(self):
        self._import([ipe_line(1), ipe_line(2, OTHER_PM)])
        buildings = self.env["oiconnect.building"].search([])
        pms = self.env["oiconnect.pm"].search([])
        self._remove([ipe_line(3)])
        self.assertEqual(buildings.exists(), buildings)
        self.assertEqual(pms.exists(), pms)

    def test_those_abandoned_already_stay_as_they_are(self):
        self._import([ipe_line(1), ipe_line(2)])
        self._remove([ipe_line(1)])
        gone = self._building(2)
        gone.write({"abandoned_date": "2026-03-01", "last_change_date": "2026-03-02"})
        before = network_digest(self.env)
        record = self._remove([ipe_line(1)])
        self.assertEqual(network_digest(self.env), before)
        self.assertEqual(self._abandoned(record), {"pm": 0, "building": 0})

    def test_one_that_comes_back_is_as_the_file_says(self):
        self._import([ipe_line(1), ipe_line(2)])
        self._remove([ipe_line(1)])
        self._remove([ipe_line(1), ipe_line(2)])
        self.assertEqual(self._building(2).state, "deployed")
        self.assertFalse(self._building(2).abandoned_date)

    def test_by_batches(self):
        self.patch(removal, "BATCH", 2)
        self._import([ipe_line(rank) for rank in range(1, 9)])
        record = self._remove([ipe_line(1)])
        self.assertEqual(self._abandoned(record)["building"], 7)
        self.assertEqual(len(self._changes(record)), 7)

    # -- what is not ------------------------------------------------------------------

    def test_a_line_in_error_has_not_left_the_file(self):
        self._import([ipe_line(1), ipe_line(2), ipe_line(3, OTHER_PM)])
        record = self._remove(
            [
                ipe_line(1),
                ipe_line(2, TypeZone="9"),
                ipe_line(3, OTHER_PM, EtatImmeuble="POSE"),
            ]
        )
        self.assertEqual(record.error_line_count, 2)
        self.assertEqual(self._abandoned(record), {"pm": 0, "building": 0})

    def test_update_alone_abandons_nothing(self):
        self._import([ipe_line(1), ipe_line(2)])
        record = self._import([ipe_line(1)])
        self.assertEqual(record.mode, "update")
        self.assertEqual(self._building(2).state, "deployed")

    def test_other_networks_are_left_alone(self):
        other = self._make_network("OITJ")
        name = FILE_NAME.replace("OITI", "OITJ")
        self._import([ipe_line(7, CodeOI="OITJ")], name, other)
        self._import([ipe_line(1), ipe_line(2)])
        self._remove([ipe_line(1)])
        theirs = self.env["oiconnect.building"].search([("network_id", "=", other.id)])
        self.assertEqual(theirs.state, "deployed")

    def test_a_building_known_by_its_address_is_found_by_it(self):
        nameless = {"IdentifiantImmeuble": "", "BatimentImmeuble": "A"}
        self._import([ipe_line(1), ipe_line(2, nameless)])
        record = self._remove([ipe_line(1), ipe_line(2, nameless)])
        self.assertEqual(self._abandoned(record)["building"], 0)
        record = self._remove(
            [ipe_line(1), ipe_line(2, nameless | {"BatimentImmeuble": "B"})]
        )
        self.assertEqual(self._abandoned(record)["building"], 1)

    def test_a_building_that_no_file_can_name_is_left(self):
        self._import([ipe_line(1)])
        keyless = self.env["oiconnect.building"].create(
            {"network_id": self.network.id, "city": "AMBERIEU-EN-BUGEY"}
        )
        self._remove([ipe_line(1)])
        self.assertNotEqual(keyless.state, "abandoned")

    def test_a_file_without_a_key_says_nothing_of_those_known_by_it(self):
        self._import([ipe_line(1), ipe_line(2, IdentifiantImmeuble="")])
        header = [name for name in ipe_header() if name != "CodeAdresseImmeuble"]
        self._remove(ipe_file([ipe_line(1)], header))
        states = self.env["oiconnect.building"].search(
            [("network_id", "=", self.network.id)]
        )
        self.assertEqual(set(states.mapped("state")), {"deployed"})

    def test_a_file_without_pms_abandons_none(self):
        self._import([ipe_line(1)])
        header = [name for name in ipe_header() if not name.endswith("PM")]
        record = self._remove(ipe_file([ipe_line(1, WITHOUT_PM)], header))
        self.assertEqual(self._pm().state, "deployed")
        self.assertEqual(self._abandoned(record)["pm"], 0)

    def test_planned_pms_are_not_named_before_v2_2(self):
        planned = {"EtatPM": "PLANIFIE", "EtatImmeuble": "CIBLE"} | dict.fromkeys(
            ("DateMiseEnServiceCommercialePM", "DatePremiereMADPM"), ""
        )
        self._import([ipe_line(1, planned)])
        name = FILE_NAME.replace("V31", "V21")
        self._remove(ipe_file([ipe_line(1, WITHOUT_PM)], ipe_header("V2.1")), name=name)
        self.assertEqual(self._pm().state, "planned")

    # -- protection -------------------------------------------------------------------

    def test_too_many_are_refused_and_reported(self):
        self._limit("10")
        self._import([ipe_line(rank) for rank in range(1, 9)])
        before = network_digest(self.env)
        record = self._remove([ipe_line(1), ipe_line(2, TypeZone="9"), ipe_line(9)])
        self.assertEqual(record.state, "refused")
        self.assertIn("10 %", record.message)
        self.assertEqual(network_digest(self.env), before)
        self.assertEqual(self._abandoned(record)["building"], 6)
        self.assertEqual(record.count_ids[1].present, 8, "not those that are new")
        self.assertEqual(record.count_ids[1].abandoned_percent, 75)
        self.assertIn("6 of 8", record.abandoned_alert)
        self.assertEqual(record.error_count, 1)

    def test_a_few_need_no_word(self):
        self._limit("25")
        self._import([ipe_line(rank) for rank in range(1, 9)])
        record = self._remove([ipe_line(rank) for rank in range(1, 7)])
        self.assertEqual(
            (record.state, self._abandoned(record)["building"]), ("done", 2)
        )

    def test_ten_percent_when_nothing_is_set(self):
        self._limit("")
        self.assertEqual(self.imports._abandoned_limit(), 10)

    def test_the_check_shows_how_many_then_the_name_is_typed(self):
        self._limit("10")
        self._import([ipe_line(rank) for rank in range(1, 5)])
        record = self._check_file([ipe_line(1)], mode="removal")
        self.assertEqual(record.state, "checked")
        self.assertIn("3 of 4", record.abandoned_alert)
        self.assertEqual(record.preview_ids[0].after, "abandoned")
        with trap_jobs() as trap:
            action = record.action_start()
            trap.assert_jobs_count(0)
        self.assertEqual(action["res_model"], "oiconnect.import.confirm")
        wizard = self.env[action["res_model"]].create({"import_id": record.id})
        with self.assertRaisesRegex(UserError, "Type the name of the file"):
            wizard.action_confirm()
        wizard.confirmation = FILE_NAME
        with trap_jobs() as trap:
            wizard.action_confirm()
            trap.assert_jobs_count(1, only=record._run)
        record._apply()
        self.assertEqual(record.state, "done")
        self.assertEqual(self._building(4).state, "abandoned")
        self.assertFalse(record.removal_confirmed, "a confirmation serves once")

    def test_a_refused_import_asks_for_the_name(self):
        self._limit("10")
        self._import([ipe_line(1), ipe_line(2)])
        record = self._remove([ipe_line(1)])
        self.assertEqual(record.state, "refused")
        self.assertEqual(record.action_start()["res_model"], "oiconnect.import.confirm")

    def test_a_confirmation_does_not_outlive_the_options(self):
        self._limit("10")
        self._import([ipe_line(1), ipe_line(2)])
        record = self._remove([ipe_line(1)])
        record.removal_confirmed = True
        record.on_error = "nothing"
        self.assertFalse(record.removal_confirmed)
