from datetime import date

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import Form, new_test_user, tagged

from ..common import InfraCase


@tagged("post_install", "-at_install")
class TestHistory(InfraCase):
    """Every change of a tracked column is stored, and dates the object."""

    def test_creation(self):
        self.assertEqual(self.changes(self.building), [("create", None, None, None)])

    def test_what_changed_before_and_after(self):
        prdm = self.net.make("oiconnect.prdm", reference="OICN-PRDM-0001")
        self.pm.write(
            {
                "state": "deployed",
                "installation_date": date(2025, 3, 10),
                "dwelling_count": 5,
                "active_equipment_slot": True,
                "max_line_length_km": 4.8,
                "prdm_id": prdm.id,
            }
        )
        self.assertEqual(
            self.changes(self.pm)[1:],
            [
                ("write", "state", "planned", "deployed"),
                ("write", "installation_date", None, "2025-03-10"),
                ("write", "dwelling_count", "0", "5"),
                ("write", "active_equipment_slot", "false", "true"),
                ("write", "prdm_id", None, "OICN-PRDM-0001"),
                ("write", "max_line_length_km", "0", "4.8"),
            ],
        )

    def test_writing_the_same_value_is_no_change(self):
        with freeze_time("2030-01-01"):
            self.building.write({"state": "target", "dwelling_count": 1})
        self.assertEqual(len(self.changes(self.building)), 1)
        self.assertNotEqual(self.building.last_change_date, date(2030, 1, 1))

    def test_a_change_dates_the_object(self):
        with freeze_time("2030-01-01"):
            self.building.dwelling_count = 3
        self.assertEqual(self.building.last_change_date, date(2030, 1, 1))

    def test_a_date_given_by_a_file_is_stored(self):
        self.building.write(
            {"dwelling_count": 3, "last_change_date": date(2025, 4, 16)}
        )
        self.assertEqual(self.building.last_change_date, date(2025, 4, 16))

    def test_an_unpublished_change_is_stored_but_does_not_date_the_object(self):
        with freeze_time("2030-01-01"):
            self.building.write({"access_code": "12A34", "pbo_ids": self.pbo.ids})
        self.assertEqual(
            self.changes(self.building)[1:],
            [
                ("write", "access_code", None, "12A34"),
                ("write", "pbo_ids", None, "PBO-99-001-001-0001"),
            ],
        )
        self.assertNotEqual(self.building.last_change_date, date(2030, 1, 1))

    def test_a_commune_chosen_on_the_form_is_logged_by_its_columns(self):
        with Form(self.building) as form:
            form.commune_id = self.commune
        self.assertIn(
            ("write", "insee_code", None, "99001"), self.changes(self.building)
        )

    def test_deletion_keeps_the_whole_line(self):
        self.building.write({"address_code": "990012AB01", "dwelling_count": 24})
        record = self.building
        record.unlink()
        line = self.env["oiconnect.change"].search(
            [("res_model", "=", record._name), ("res_id", "=", record.id)], limit=1
        )
        self.assertEqual((line.kind, line.reference), ("unlink", "IMB/99001/X/0001"))
        self.assertEqual(line.network_id, self.net.network)
        self.assertEqual(line.snapshot["address_code"], "990012AB01")
        self.assertEqual(line.snapshot["dwelling_count"], 24)
        self.assertEqual(line.snapshot["pm_id"], self.pm.id)

    def test_many_records_cost_one_insertion(self):
        def cost(number, start):
            buildings = self.env["oiconnect.building"].concat(
                *(self.net.building(f"N{start + rank}") for rank in range(number))
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            buildings.write({"state": "deploying", "dwelling_count": 2})
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        cost(1, 200)
        self.assertEqual(cost(40, 0), cost(2, 100))

    def test_the_network_is_tracked_with_its_references(self):
        link = self.net.make(
            "oiconnect.pm.link",
            reference="OICN-LNP-0001",
            pm_id=self.pm.id,
            prdm_id=self.net.make("oiconnect.prdm", reference="PRDM-1").id,
        )
        pto = self.net.pto(self.building, "ZZ-0000-0001")
        for record, column, value, expected in (
            (link, "state", "deploying", ("write", "state", "planned", "deploying")),
            (
                self.pbo,
                "reference",
                "P2",
                ("write", "reference", "PBO-99-001-001-0001", "P2"),
            ),
            (pto, "state", "existing", ("write", "state", "to_build", "existing")),
        ):
            record[column] = value
            self.assertEqual(self.changes(record)[-1], expected)

    def test_the_page_of_a_record_shows_the_last_change_first(self):
        self.building.state = "deploying"
        self.building.state = "deployed"
        self.assertEqual(
            self.building.change_ids.mapped("after"), ["deployed", "deploying", False]
        )

    # -- what a change takes with it ---------------------------------------------------

    def last(self, record):
        return self.env["oiconnect.change"].search(
            [("res_model", "=", record._name), ("res_id", "=", record.id)], limit=1
        )

    def test_the_floors_of_a_deleted_building_are_in_its_history(self):
        level = self.env["oiconnect.building.level"].create(
            {"building_id": self.building.id, "floor": "2", "dwelling_count": 4}
        )
        self.building.unlink()
        line = self.last(level)
        self.assertEqual(line.kind, "unlink")
        self.assertEqual(line.snapshot["floor"], "2")
        self.assertEqual(line.snapshot["dwelling_count"], 4)

    def test_the_fibres_of_a_deleted_cable_are_in_its_history(self):
        cable = self.net.cable(self.pm)
        fibres = self.env["oiconnect.pbo.fibre"].create(
            [
                {"cable_id": cable.id, "tube": 1, "fibre": rank, "pbo_id": self.pbo.id}
                for rank in (1, 2)
            ]
        )
        cable.unlink()
        self.assertFalse(fibres.exists())
        self.assertEqual([self.last(fibre).kind for fibre in fibres], ["unlink"] * 2)

    def test_the_positions_of_a_deleted_module_are_in_its_history(self):
        module = self.net.module(self.pm)
        position = self.env["oiconnect.pm.position"].create(
            {"module_id": module.id, "name": "A1"}
        )
        module.unlink()
        self.assertEqual(self.last(position).snapshot["name"], "A1")

    def test_a_refused_deletion_tells_nothing(self):
        module = self.net.module(self.pm)
        self.net.routes(self.pbo, 1, self.net.cable(self.pm), module)
        before = self.env["oiconnect.change"].search_count([])
        with self.assertRaises(UserError), self.env.cr.savepoint():
            module.unlink()
        self.assertEqual(self.env["oiconnect.change"].search_count([]), before)

    def test_the_zone_of_a_deleted_pm_is_in_the_history_once(self):
        pm = self.net.pm("OICN-99001-0009")
        ring = [[5.2, 45.9], [5.4, 45.9], [5.4, 46.2], [5.2, 45.9]]
        zone = self.env["oiconnect.zone"].create(
            {"pm_id": pm.id, "geometry": {"type": "Polygon", "coordinates": [ring]}}
        )
        pm.unlink()
        kinds = [change[0] for change in self.changes(zone)]
        self.assertEqual(kinds, ["create", "unlink"])

    def test_a_deleted_building_keeps_the_names_of_its_pbos(self):
        self.building.pbo_ids = self.pbo
        self.building.unlink()
        line = self.last(self.building)
        self.assertEqual(line.snapshot["pbo_ids"], "PBO-99-001-001-0001")

    def test_a_pbo_that_serves_a_building_is_not_deleted(self):
        self.building.pbo_ids = self.pbo
        with self.assertRaisesRegex(UserError, "IMB/99001/X/0001"):
            self.pbo.unlink()
        self.building.pbo_ids = False
        self.pbo.unlink()

    # -- what follows from a change ----------------------------------------------------

    def test_a_pm_takes_the_nro_of_the_prdm_that_it_is_given(self):
        nro = self.net.make("oiconnect.nro", reference="99001NRO1")
        prdm = self.net.make("oiconnect.prdm", reference="PRDM-1", nro_id=nro.id)
        with freeze_time("2030-01-01"):
            self.pm.write({"prdm_id": prdm.id})
        self.assertCountEqual(
            self.changes(self.pm)[1:],
            [
                ("write", "prdm_id", None, "PRDM-1"),
                ("write", "nro_id", None, "99001NRO1"),
            ],
        )
        self.assertEqual(self.pm.last_change_date, date(2030, 1, 1))

    def test_pms_and_links_follow_a_prdm_that_changes_its_nro(self):
        first, second = (
            self.net.make("oiconnect.nro", reference=f"99001NRO{rank}")
            for rank in (1, 2)
        )
        prdm = self.net.make("oiconnect.prdm", reference="PRDM-1", nro_id=first.id)
        self.pm.prdm_id = prdm
        link = self.net.make(
            "oiconnect.pm.link", reference="LNP-1", pm_id=self.pm.id, prdm_id=prdm.id
        )
        user = new_test_user(self.env, "liens", "oiconnect_base.group_link_user")
        with freeze_time("2030-01-01"):
            prdm.with_user(user).nro_id = second
        for record in (prdm, self.pm, link):
            with self.subTest(record._name):
                self.assertEqual(
                    self.changes(record)[-1],
                    ("write", "nro_id", "99001NRO1", "99001NRO2"),
                )
                self.assertEqual(self.last(record).user_id, user)
        self.assertEqual(self.pm.last_change_date, date(2030, 1, 1))

    def test_a_batch_counts_anew_when_its_addresses_change(self):
        self.building.write({"pm_id": self.pm.id, "dwelling_count": 3})
        batch = self.net.make("oiconnect.pb.batch", reference="PB-1", pm_id=self.pm.id)
        batch.building_ids = self.building
        self.assertCountEqual(
            self.changes(batch)[1:],
            [
                ("write", "building_ids", None, "IMB/99001/X/0001"),
                ("write", "dwelling_count", "0", "3"),
            ],
        )
