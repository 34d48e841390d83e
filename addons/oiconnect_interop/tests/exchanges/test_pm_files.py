import errno
import io
import zipfile
from contextlib import contextmanager
from unittest.mock import patch

from odoo.tests.common import tagged
from odoo.tools import mute_logger

from odoo.addons.oiconnect_import.protocol import zip_files
from odoo.addons.oiconnect_orders.models.pm_orders import pm_report
from odoo.addons.oiconnect_orders.protocol_time import local_now

from ..common import ExchangeCase, make_file

PLAN = b"%PDF-1.4 plan"
ORDER = (
    "ReferenceCommandePMInterneOC TypeCommandePM ReferencePM ChoixTechniqueOC "
    "DateCommandePM"
).split()
RECEIPT = (
    "ReferencePM ReferencePrestationPM ReferenceCommandePMInterneOC DateArMadPM "
    "EtatArMadPM"
).split()


@tagged("post_install", "-at_install")
class TestPmFiles(ExchangeCase):
    """The conversation about a PM, file by file; a report is an archive."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        drawing = patch.object(pm_report, "plan_pdf", lambda env, pm: PLAN)
        drawing.start()
        cls.addClassCleanup(drawing.stop)
        cls.day_text = f"{local_now():%Y%m%d}"
        cls.building.write({"pm_id": cls.other_pm.id, "pbo_ids": [(5,)]})
        module = cls.env["oiconnect.pm.module"].create(
            {
                "name": "TIROIR-OC-03",
                "pm_id": cls.other_pm.id,
                "operator_id": cls.operator.id,
            }
        )
        cls.env["oiconnect.pm.position"].create(
            [
                {
                    "module_id": module.id,
                    "name": str(rank),
                    "sequence": rank,
                    "tube": "1",
                    "fibre": str(rank),
                }
                for rank in (1, 2)
            ]
        )

    def _pm_name(self, flow, extension="csv"):
        self.__class__.day += 1
        pm = self.other_pm.reference
        return (
            f"{flow}_{pm}_OITO_OCT1_PM_{pm}_{flow}_V31_{self.day_text}_"
            f"{self.day:02d}.{extension}"
        )

    def _wire_pm(self, **values):
        self.__class__.rank += 1
        return {
            "ReferenceCommandePMInterneOC": f"OCT-PM-{self.rank}",
            "TypeCommandePM": "UNIT",
            "ReferencePM": self.other_pm.reference,
            "DateCommandePM": self.day_text,
            **values,
        }

    def _order_pm(self, *lines):
        content = make_file(ORDER, lines or [self._wire_pm()])
        return self._take(content, self._pm_name("CMD"))

    def _pm_orders(self, exchange):
        return self.env["oiconnect.pm.order"].search(
            [("origin", "=", exchange.name)], order="id"
        )

    def _archive(self, exchange):
        with zipfile.ZipFile(io.BytesIO(exchange._content())) as archive:
            self.assertIsNone(archive.testzip())
            return {name: archive.read(name) for name in archive.namelist()}

    def test_each_line_is_answered_in_one_receipt(self):
        unknown = self._wire_pm(ReferencePM="OITO-NONE")
        wrong = self._wire_pm(TypeCommandePM="UNITAIRE")
        self._order_pm(self._wire_pm(), unknown, wrong)
        [receipt] = self._drain()
        self.assertRegex(receipt.name, r"^ARCMD_OITO-PM-2_OITO_OCT1_PM_.*_01\.csv$")
        answers = [
            (row["EtatArCommandePM"], row["MotifKoArCommandePM"])
            for row in self._rows(receipt)
        ]
        self.assertEqual(answers, [("OK", ""), ("KO", "FIMP07"), ("KO", "FIMP12")])

    def _delivered_pm(self):
        order = self._pm_orders(self._order_pm())
        self._drain()
        order._fire("deliver")
        [report] = self._drain()
        return order, report

    def test_a_report_is_an_archive_of_its_file_positions_and_plan(self):
        order, report = self._delivered_pm()
        files = self._archive(report)
        csv_name = report.name.replace(".zip", ".csv")
        positions = f"POSITION_OITO-PM-2_OCT1_{self.day_text}.csv"
        plan = "OITO-PM-2_plan.pdf"
        self.assertEqual(list(files), sorted([csv_name, positions, plan]))
        self.assertEqual(files[plan], PLAN)
        self.assertEqual(
            files[positions].decode().splitlines()[1:],
            [f"OITO-PM-2;;OCT1;TIROIR-OC-03;{n};;1;;{n};" for n in (1, 2)],
        )
        header, line = files[csv_name].decode().splitlines()
        row = dict(zip(header.split(";"), line.split(";"), strict=True))
        self.assertEqual(len(row), 69)
        filled = {name: text for name, text in row.items() if text}
        self.assertEqual(
            filled,
            {
                "ReferencePM": "OITO-PM-2",
                "EtatPM": "DEPLOYE",
                "NombreLogementsPM": "0",
                "DateMiseEnServiceCommercialePM": (
                    f"{self.other_pm.commercial_date:%Y%m%d}"
                ),
                "DatePremiereMADPM": self.day_text,
                "ReferenceCommandePMInterneOC": order.oc_reference,
                "TypeCommandePM": "UNIT",
                "ChoixTechniqueOC": "P",
                "ReferencePrestationPM": order.service_reference,
                "NombreLogementsMadPM": "4",
                "NombreOperateursFibreDediee": "0",
                "NombreOperateursFibrePartageable": "0",
                "DateCrCommandePM": self.day_text,
                "EtatCrCommandePM": "OK",
                "DateMADPrestationPM": self.day_text,
                "NatureCR": "INITIAL",
                "IdentifiantImmeuble": "OITO/B/1",
                "CodeInseeImmeuble": "99001",
                "CodeAdresseImmeuble": "99001OITO1",
                "NumeroVoieImmeuble": "1",
                "NombreLogementsAdresseIPE": "4",
                "EtatImmeuble": "DEPLOYE",
                "AccordGestionnaireImmeubleNecessaire": "N",
            },
        )

    def test_the_same_data_make_the_same_bytes(self):
        order, report = self._delivered_pm()
        event = order.event_ids.filtered(lambda one: one.flow == "CRMAD")
        outbound = self.env["oiconnect.outbound"]
        files = self._archive(report)
        content = files[report.name.replace(".zip", ".csv")]
        again = outbound._archive(event, report.name, content)
        self.assertEqual(
            [again, zip_files(files)], [report._content(), report._content()]
        )

    def test_the_operator_tells_that_it_has_read_the_report(self):
        order, _report = self._delivered_pm()
        line = {
            "ReferencePM": self.other_pm.reference,
            "ReferencePrestationPM": order.service_reference,
            "DateArMadPM": self.day_text,
            "EtatArMadPM": "OK",
        }
        read = self._take(make_file(RECEIPT, [line]), self._pm_name("ARMAD"))
        self.assertEqual((read.state, order.state), ("in_done", "mad_ok"))

    def test_an_update_leaves_as_an_archive_of_its_own(self):
        order, _report = self._delivered_pm()
        batch = self.env["oiconnect.pb.batch"].create(
            {
                "network_id": self.network.id,
                "reference": "OITO-PB-1",
                "pm_id": self.other_pm.id,
                "building_ids": [(6, 0, self.building.ids)],
                "delivery_date": local_now().date(),
            }
        )
        batch.action_tell_operators()
        order._fire("update")
        first, second = self._drain()
        self.assertNotEqual(first.name, second.name)
        row = self._rows_of(first)[0]
        self.assertEqual(
            (row["NatureCR"], row["ReferencePrestationPBs"]), ("MAJ", "OITO-PB-1")
        )

    def _rows_of(self, report):
        content = self._archive(report)[report.name.replace(".zip", ".csv")]
        header, *lines = content.decode().splitlines()
        return [
            dict(zip(header.split(";"), line.split(";"), strict=True)) for line in lines
        ]

    def test_contents_of_old_reports_go_but_not_the_last_nor_what_has_to_leave(self):
        order, report = self._delivered_pm()
        for _time in range(3):
            order._fire("update")
        reports = self.env["oiconnect.pm.report"].search(
            [("pm_id", "=", self.other_pm.id)], order="id"
        )
        _first, second, _third, last = reports
        events = self.env["oiconnect.event"].search(
            [("res_id", "=", order.id), ("flow", "=", "CRMAD")], order="id"
        )
        # Three are sent; one of them was not written, and waits to be fixed.
        events.write({"state": "done"})
        events[1].write({"state": "error"})
        reports._gc_old()
        self.assertEqual(reports.exists(), reports)
        self._age(reports)
        self.env["ir.config_parameter"].set_param("oiconnect_interop.pm_report_days", 0)
        reports._gc_old()
        self.assertEqual(reports.exists(), reports)
        self.env["ir.config_parameter"].set_param(
            "oiconnect_interop.pm_report_days", 30
        )
        reports._gc_old()
        self.assertEqual(reports.exists(), second + last)
        self.assertFalse(events[0].content)
        self.assertTrue(events[1].content)
        self.assertEqual(len(self._archive(report)), 3)

    def _age(self, reports, days=31):
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE oiconnect_pm_report SET create_date = create_date - %s * interval "
            "'1 day' WHERE id = ANY(%s)",
            [days, reports.ids],
        )
        self.env.invalidate_all()

    @contextmanager
    def _full_disk(self, logger):
        """Let no file of the filestore be written for the time of a block."""
        full = OSError(errno.ENOSPC, "No space left on device")
        attachments = self.env.registry["ir.attachment"]
        with (
            patch.object(attachments, "_file_write", side_effect=full) as write,
            mute_logger(logger),
        ):
            yield
        write.assert_called()

    def test_a_report_waits_for_room_on_the_disk(self):
        """No message is to blame: what waits leaves by itself once there is room."""
        order = self._pm_orders(self._order_pm())
        self._drain()
        order._fire("deliver")
        with self._full_disk("odoo.addons.oiconnect_interop.models.exchanges.outbound"):
            self.env["oiconnect.outbound"]._drain_isolated(self.operator)
        event = order.event_ids.filtered(lambda one: one.flow == "CRMAD")
        event.invalidate_recordset()
        self.assertEqual((event.state, event.error), ("pending", False))
        [report] = self._drain()
        self.assertEqual(len(self._archive(report)), 3)

    def test_a_pm_is_made_available_once_there_is_room_on_the_disk(self):
        """The disk has no room: the order waits, with its operator and its work."""
        self.network.pm_report_at_once = True
        order = self._pm_orders(self._order_pm())
        with self._full_disk("odoo.addons.oiconnect_base.isolated_work"):
            order._deliver_ready()
        reports = self.env["oiconnect.pm.report"]
        here = [("pm_id", "=", order.pm_id.id)]
        self.assertEqual((order.state, order.todo_kind), ("ar_ok", "pm_report"))
        self.assertFalse(order.service_id or reports.search(here))
        order._deliver_ready()
        self.assertEqual((order.state, order.todo_kind), ("delivered", False))

    def test_a_line_that_no_file_takes_keeps_the_report_back(self):
        self.other_pm.dwelling_count = 123_456
        order = self._pm_orders(self._order_pm())
        self._drain()
        order._fire("deliver")
        self.assertFalse(self._drain())
        event = order.event_ids.filtered(lambda one: one.flow == "CRMAD")
        event.invalidate_recordset()
        self.assertEqual(event.state, "error")
