from collections import Counter

from odoo.tests.common import TransactionCase, tagged

from ..common import received_flows
from .mutation_common import MutationCase, TakenBackCase


class ReportCase(TakenBackCase):
    """Reports of operators on their orders."""

    count = 450
    #: the state of an order after its line
    expected = None

    def setUp(self):
        super().setUp()
        self.reported_orders = self.env["oiconnect.access.order"].union(
            *(
                self._order_at(building_identifier=building.identifier)
                for building in (self.building, self.other_building, self.building)
            )
        )
        self._drain()

    def _order_at(self, **place):
        return self._order(**place)

    def rows(self):
        return [self._row(order) for order in self.reported_orders]

    def _keys(self, order):
        return {
            "ReferenceCommandePriseInterneOC": order.oc_reference,
            "ReferencePrestationPrise": order.service_reference,
        }

    def check_untouched(self, exchange, rows):
        wanted = [row["ReferenceCommandePriseInterneOC"] for row in rows]
        orders = self.reported_orders.filtered(
            lambda order: order.oc_reference in wanted
        )
        self.assertEqual(orders.mapped("state"), [self.expected] * len(wanted))


class DeliveredCase(ReportCase):
    """Orders whose line is made available."""

    def _order_at(self, **place):
        return self._delivered(**place)


class EndingCase(ReportCase):
    """The end of an order, requested by its operator."""

    operation = None

    def _row(self, order):
        return self._keys(order) | {
            "TypeOperation": self.operation,
            "DateAnnulation": "20260326 17:00",
            "Commentaire": "Déménagé",
        }


@tagged("post_install", "-at_install", "slow")
class TestMutatedStocReports(ReportCase):
    """CR_STOC: a sub-contractor's report."""

    flow = "CR_STOC"
    expected = "delivered"

    def _row(self, order):
        return self._keys(order) | {
            "ReferenceCommandeSousTraitantOI": order.subcontract_reference,
            "CrRaccordementPrise": "OK",
            "ReferencePrise": order.pto_id.reference,
            "DateRaccordementPrise": "20260328 09:40",
            "PrisePosee": "OUI",
            "BilanOptique": "-18.4 dBm",
        }

    def test_each_file_ends_and_lines_that_nothing_touched_are_connected(self):
        self._receive_mutants(range(self.count))


@tagged("post_install", "-at_install", "slow")
class TestMutatedConnectionReports(ReportCase):
    """CR_RACCO: an operator connects by itself."""

    flow = "CR_RACCO"
    expected = "delivered"

    def _order_at(self, **place):
        return self._order(connection_type="OC", **place)

    def _row(self, order):
        return self._keys(order) | {
            "CrRaccordementPrise": "OK",
            "ReferencePrise": order.pto_id.reference,
            "DateRaccordementPrise": "20260328 09:40",
            "PrisePosee": "OUI",
        }

    def test_each_file_ends_and_lines_that_nothing_touched_are_connected(self):
        self._receive_mutants(range(self.count))


@tagged("post_install", "-at_install", "slow")
class TestMutatedActivations(DeliveredCase):
    """CR_MES: lines put in service."""

    flow = "CR_MES"
    expected = "in_service"

    def _row(self, order):
        return self._keys(order) | {"DateMiseEnServicePrise": "20260328 11:15"}

    def test_each_file_ends_and_lines_that_nothing_touched_are_in_service(self):
        self._receive_mutants(range(self.count))


@tagged("post_install", "-at_install", "slow")
class TestMutatedCancellations(EndingCase):
    """ANNUL_ACCES."""

    flow = "ANNUL_ACCES"
    operation = "ANNUL"
    expected = "cancelled"

    def test_each_file_ends_and_lines_that_nothing_touched_are_cancelled(self):
        self._receive_mutants(range(self.count))


@tagged("post_install", "-at_install", "slow")
class TestMutatedTerminations(EndingCase, DeliveredCase):
    """RES_ACCES."""

    flow = "RES_ACCES"
    operation = "RESIL"
    expected = "terminated"

    def test_each_file_ends_and_lines_that_nothing_touched_are_terminated(self):
        self._receive_mutants(range(self.count))


class NoticeCase(MutationCase):
    """Answers of operators to our files."""

    count = 375

    def setUp(self):
        super().setUp()
        self.files = self.env["oiconnect.exchange"].union(*self._files())

    def rows(self):
        return [
            {
                "NomFichier": file.name,
                "EtatNotif": "OK",
                "DateNotif": "20260314 11:00",
                "NombreLignes": "1",
            }
            for file in self.files
        ]

    def _receive_one(self, mutant, rows):
        self.files.notice_result = False
        return super()._receive_one(mutant, rows)

    def check_untouched(self, exchange, rows):
        wanted = [row["NomFichier"] for row in rows]
        files = self.files.filtered(lambda file: file.name in wanted)
        self.assertEqual(files.mapped("notice_result"), ["OK"] * len(wanted))


@tagged("post_install", "-at_install", "slow")
class TestMutatedReceiptNotices(NoticeCase):
    """NOTIF_AR."""

    flow = "NOTIF_AR"

    def _files(self):
        for _rank in range(3):
            self._take([self._wire()])
            yield from self._drain()

    def test_each_file_ends_and_lines_that_nothing_touched_are_noted(self):
        self._receive_mutants(range(self.count))


@tagged("post_install", "-at_install", "slow")
class TestMutatedReportNotices(NoticeCase):
    """NOTIF_CR."""

    flow = "NOTIF_CR"

    def _files(self):
        for _rank in range(3):
            self._order()
            made = self._drain()
            yield from made.filtered(lambda file: file.flow_id.code == "CR_CMD")

    def test_each_file_ends_and_lines_that_nothing_touched_are_noted(self):
        self._receive_mutants(range(self.count))


@tagged("post_install", "-at_install")
class TestMutatedFlows(TransactionCase):
    def test_ten_thousand_files_of_every_flow_that_operators_send(self):
        """A flow that is new has its mutants."""
        counts = Counter()
        for case in self._cases(MutationCase):
            counts[case.flow] += case.count
        self.assertEqual(set(counts), received_flows(self.env))
        self.assertGreaterEqual(counts.total(), 10_000)

    def _cases(self, case):
        """Yield what derives from ``case`` and is run."""
        if case.__name__.startswith("Test"):
            yield case
        for child in case.__subclasses__():
            yield from self._cases(child)
