"""Mutants of what operators send about orders of the network: PMs, PBs and links."""

import random

from odoo.fields import Command
from odoo.tests.common import tagged

from odoo.addons.oiconnect_orders.models.pm_orders import pm_report
from odoo.addons.oiconnect_orders.tests.link_orders.common import make_link

from ..common import make_file
from .mutation_common import TakenBackCase

# What an end is called on the wire, and the state to which it leads
ENDS = {"ANNULATION": "cancelled", "RESILIATION": "terminated"}


class InfraCase(TakenBackCase):
    """Three orders, each of a place of its own: what spoils one spoils no other."""

    version = "V3.1"
    count = 100
    #: model of the orders, the flow that makes them and its column of their reference
    model = order_flow = key = None
    #: what happens to the orders before they are told of
    events = ()
    #: the state of an order after its line
    expected = None

    def setUp(self):
        super().setUp()
        self.lines = [self._order_row(self._place()) for _n in range(3)]
        if self.flow != self.order_flow:
            self.told = self._ordered()
            self._advance(self.told)
            self.lines = [self._row(order) for order in self.told]

    def _place(self):
        """Return a new place of the network to order."""
        raise NotImplementedError

    def _order_row(self, place):
        """Return the line that orders ``place``."""
        raise NotImplementedError

    def _row(self, order):
        """Return the line that is right about ``order``."""
        raise NotImplementedError

    def check_order(self, order, row):
        """See what followed of ``row`` besides the state of its order."""

    def rows(self):
        return self.lines

    def check_untouched(self, exchange, rows):
        wanted = {row[self.key]: row for row in rows}
        orders = self._named(wanted)
        self.assertEqual(len(orders), len(wanted))
        for order in orders:
            row = wanted[order.oc_reference]
            self.assertEqual(order.state, self._state_after(row))
            self.check_order(order, row)

    def _named(self, references):
        return self.env[self.model].search(
            [("oc_reference", "in", list(references))], order="id"
        )

    def _state_after(self, row):
        return self.expected

    def _ordered(self):
        flow = self.env["oiconnect.flow"]._by_code(self.order_flow)
        header = flow._format_for(self.operator, self.version).header
        self._take(make_file(header, self.lines), self._name(self.order_flow))
        return self._named([row[self.key] for row in self.lines])

    def _advance(self, orders):
        for event in self.events:
            orders._fire(event)

    def _reference(self, prefix, bits=32):
        """Return one that no accident makes out of another."""
        self.__class__.rank += 1
        number = random.Random(self.rank).getrandbits(bits)
        return f"{prefix}-{number:0{bits // 4}x}"

    def _new_pm(self):
        return self.env["oiconnect.pm"].create(
            {
                "network_id": self.network.id,
                "reference": self._reference("PM"),
                "state": "deployed",
            }
        )

    def _is_last(self, order):
        return order == self.told[-1]


class EndingCase(InfraCase):
    """The end of an order: of the last one before its report, of the others after."""

    def _advance(self, orders):
        return super()._advance(orders[:-1])

    def _end(self, order):
        return "ANNULATION" if self._is_last(order) else "RESILIATION"

    def _state_after(self, row):
        return ENDS[row["TypeDemande"]]


# -- PMs -----------------------------------------------------------------------------


class PmCase(InfraCase):
    model = "oiconnect.pm.order"
    order_flow = "CMD"
    key = "ReferenceCommandePMInterneOC"
    events = ("deliver",)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.classPatch(pm_report, "plan_pdf", lambda _env, _pm: b"%PDF-1.4 plan")

    def _place(self):
        return self._new_pm()

    def _order_row(self, place):
        return {
            self.key: self._reference("OCT-PM"),
            "TypeCommandePM": "UNIT",
            "ReferencePM": place.reference,
            "ChoixTechniqueOC": "P",
            "DateCommandePM": "20260314",
            "CommentaireCommandePM": "Accès par la cour",
        }

    def _keys(self, order):
        return {
            "ReferencePM": order.pm_id.reference,
            "ReferencePrestationPM": order.service_reference or "",
            self.key: order.oc_reference,
        }


@tagged("post_install", "-at_install", "slow")
class TestMutatedPmOrders(PmCase):
    """CMD."""

    flow = "CMD"
    expected = "ar_ok"

    def check_order(self, order, row):
        self.assertEqual(
            (order.pm_id.reference, order.purpose), (row["ReferencePM"], "rental")
        )

    def test_each_file_ends_and_lines_that_nothing_touched_are_ordered(self):
        self._receive_mutants(range(self.count))


@tagged("post_install", "-at_install", "slow")
class TestMutatedPmReceipts(PmCase):
    """ARMAD: the operator has read the report of a PM, or cannot."""

    flow = "ARMAD"

    def _row(self, order):
        answer = {"EtatArMadPM": "OK"}
        if self._is_last(order):
            answer = {"EtatArMadPM": "KO", "MotifKoArMadPM": "FIMP16"}
        return self._keys(order) | {"DateArMadPM": "20260320"} | answer

    def _state_after(self, row):
        return "mad_ok" if row["EtatArMadPM"] == "OK" else "mad_ko"

    def check_order(self, order, row):
        self.assertEqual(order.reason_id.code or "", row.get("MotifKoArMadPM", ""))

    def test_each_file_ends_and_lines_that_nothing_touched_are_noted(self):
        self._receive_mutants(range(self.count))


@tagged("post_install", "-at_install", "slow")
class TestMutatedPmWorks(PmCase):
    """INTERP."""

    flow = "INTERP"
    expected = "announced"

    def _row(self, order):
        return self._keys(order) | {
            "DateNotifRaccordementPM": "20260320",
            "DatePrevisionnelleAdduction": "20260325",
        }

    def check_order(self, order, row):
        told = order.visit_notice_date, order.planned_adduction_date
        self.assertEqual([*map(str, told)], ["2026-03-20", "2026-03-25"])

    def test_each_file_ends_and_lines_that_nothing_touched_are_announced(self):
        self._receive_mutants(range(self.count))


@tagged("post_install", "-at_install", "slow")
class TestMutatedPmAdductions(PmCase):
    """ADDU: the operator's cable is at the PM, or could not be laid."""

    flow = "ADDU"

    def _row(self, order):
        done = {"DateAdduction": "20260326", "EtatAdduction": "OK"}
        if self._is_last(order):
            done = {"EtatAdduction": "KO", "MotifKoAdduction": "FINT04"}
        return self._keys(order) | {"DateNotifAdduction": "20260326"} | done

    def _state_after(self, row):
        return "adducted" if row["EtatAdduction"] == "OK" else "delivered"

    def check_order(self, order, row):
        day = order.service_id.adduction_date
        self.assertEqual(f"{day:%Y%m%d}" if day else "", row.get("DateAdduction", ""))

    def test_each_file_ends_and_lines_that_nothing_touched_are_adducted(self):
        self._receive_mutants(range(self.count))


@tagged("post_install", "-at_install", "slow")
class TestMutatedPmEnds(EndingCase, PmCase):
    """AnnRes."""

    flow = "AnnRes"

    def _row(self, order):
        asked = {"TypeDemande": self._end(order), "DateDemande": "20260326"}
        return self._keys(order) | asked

    def check_order(self, order, row):
        self.assertTrue(order.end_date)
        self.assertFalse(order.service_id.active)

    def test_each_file_ends_and_lines_that_nothing_touched_are_ended(self):
        self._receive_mutants(range(self.count))


# -- PBs -----------------------------------------------------------------------------


class PbCase(InfraCase):
    model = "oiconnect.pb.order"
    order_flow = "CMDPB"
    key = "ReferenceCommandePBInterneOC"
    #: the state of the building after its line
    building_state = None

    def _place(self):
        base = {"network_id": self.network.id, "pm_id": self.pm.id}
        pbo = self.env["oiconnect.pbo"].create(
            base | {"reference": self._reference("OITO-PBO")}
        )
        return self.env["oiconnect.building"].create(
            base
            | {
                "identifier": self._reference("OITO/B"),
                "insee_code": "99001",
                "rivoli_code": "0123",
                "street_number": str(self.rank),
                "state": "on_demand",
                "pbo_ids": [Command.set(pbo.ids)],
                "dwelling_count": 4,
            }
        )

    def _order_row(self, place):
        return {
            self.key: self._reference("OCT-PB"),
            "IdentifiantImmeuble": place.identifier,
            "ReferencePM": self.pm.reference,
            "DateCommandePB": "20260314",
            "NombreLogementsDemandes": "1",
        }

    def check_order(self, order, row):
        self.assertEqual(order.building_id.identifier, row["IdentifiantImmeuble"])
        self.assertEqual(order.building_id.state, self.building_state)


@tagged("post_install", "-at_install", "slow")
class TestMutatedPbOrders(PbCase):
    """CMDPB."""

    flow = "CMDPB"
    expected = "ar_ok"
    building_state = "on_demand_deploying"

    def test_each_file_ends_and_lines_that_nothing_touched_are_ordered(self):
        self._receive_mutants(range(self.count))


@tagged("post_install", "-at_install", "slow")
class TestMutatedPbCancellations(PbCase):
    """ANNCMDPB."""

    flow = "ANNCMDPB"
    expected = "cancelled"
    building_state = "on_demand"

    def _row(self, order):
        return {
            self.key: order.oc_reference,
            "IdentifiantImmeuble": order.building_identifier,
            "ReferencePM": order.pm_reference,
            "DateAnnulation": "20260320",
            "MotifAnnulation": "Déménagé",
        }

    def test_each_file_ends_and_lines_that_nothing_touched_are_cancelled(self):
        self._receive_mutants(range(self.count))


# -- Links ---------------------------------------------------------------------------


class LinkCase(InfraCase):
    model = "oiconnect.link.order"
    order_flow = "CMDLIEN"
    key = "ReferenceCommandeLienInterneOC"
    events = ("make_available", "deliver")

    def _place(self):
        return make_link(
            self.env, self.network, self._new_pm(), self._reference("L", bits=24)
        )

    def _order_row(self, place):
        return {
            self.key: self._reference("OCT-LNP"),
            "TypeCommandeLien": "INIT",
            "ReferencePM": place.pm_id.reference,
            "ReferenceLienPMPRDM": place.reference,
            "NbFODemandees": "2",
            "DateCommandeLien": "20260314",
        }

    def _keys(self, order):
        return {
            self.key: order.oc_reference,
            "ReferencePrestationLien": order.service_reference or "",
        }


@tagged("post_install", "-at_install", "slow")
class TestMutatedLinkOrders(LinkCase):
    """CMDLIEN."""

    flow = "CMDLIEN"
    expected = "ar_ok"

    def check_order(self, order, row):
        self.assertEqual(
            (order.link_id.reference, order.held_count), (row["ReferenceLienPMPRDM"], 2)
        )

    def test_each_file_ends_and_lines_that_nothing_touched_are_ordered(self):
        self._receive_mutants(range(self.count))


@tagged("post_install", "-at_install", "slow")
class TestMutatedLinkValidations(LinkCase):
    """CRVALLIEN: the operator accepts what was delivered, or says what is wrong."""

    flow = "CRVALLIEN"

    def _row(self, order):
        answer = {"EtatCrValidationLien": "OK"}
        if self._is_last(order):
            answer = {
                "EtatCrValidationLien": "KO",
                "MotifKoCrValidationLien": "FINT04",
            }
        return self._keys(order) | {"DateCrValidationLien": "20260326"} | answer

    def _state_after(self, row):
        return "validated" if row["EtatCrValidationLien"] == "OK" else "rejected"

    def check_order(self, order, row):
        code = row.get("MotifKoCrValidationLien", "")
        self.assertEqual(order.reason_id.code or "", code)

    def test_each_file_ends_and_lines_that_nothing_touched_are_validated(self):
        self._receive_mutants(range(self.count))


@tagged("post_install", "-at_install", "slow")
class TestMutatedLinkEnds(EndingCase, LinkCase):
    """ANNRESLIEN: answered at once, then told to be done."""

    flow = "ANNRESLIEN"

    def _row(self, order):
        asked = {"TypeDemande": self._end(order), "DateDemande": "20260326"}
        return self._keys(order) | asked

    def check_order(self, order, row):
        self.assertEqual(order.link_id.fibre_ids.mapped("state"), ["free"] * 4)
        self.assertFalse(order.service_id.active)

    def test_each_file_ends_and_lines_that_nothing_touched_are_ended(self):
        self._receive_mutants(range(self.count))
