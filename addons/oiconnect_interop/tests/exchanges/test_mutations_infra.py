"""Mutants of what operators send about orders of the network: PMs, PBs and links."""

import random
from typing import NamedTuple

from odoo.fields import Command
from odoo.tests.common import tagged

from odoo.addons.oiconnect_orders.models.pm_orders import pm_report
from odoo.addons.oiconnect_orders.tests.link_orders.common import make_link

from ..common import make_file
from .mutation_common import TakenBackCase

# What an end is called on the wire, and the state to which it leads
ENDS = {"ANNULATION": "cancelled", "RESILIATION": "terminated"}
# What an order has of itself, of its place and of its service
RESULT_FIELDS = (
    "state reason_id service_id service_reference building_state link_state fibre_ids "
    "held_count adduction_date planned_adduction_date end_date"
).split()


class InfraCase(TakenBackCase):
    """Three orders, each of a place of its own: what spoils one spoils no other."""

    version = "V3.1"
    count = 100
    #: model of the orders, the flow that makes them and its column of their reference
    model = order_flow = key = None
    #: what happens to the orders before their messages
    events = ()
    #: the state of an order after its line
    expected = None

    def setUp(self):
        super().setUp()
        self.lines = [self._order_row(self._place()) for _n in range(3)]
        if self.flow != self.order_flow:
            self.known_orders = self._ordered()
            self._advance(self.known_orders)
            self.lines = [self._row(order) for order in self.known_orders]

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
        return order == self.known_orders[-1]


class WorstDay:
    """Files that are right in themselves, and wrong where they come.

    In whatever state its order is, again, of another operator, before its order.
    """

    def test_a_file_ends_whatever_has_become_of_its_orders(self):
        """Each line is answered once, in every state that orders come to."""
        content, found = self._file(), {}
        self._send_in_each_state(self._orders_there(), content, found, {})
        self.assertGreater(len(found), 3, found)

    def _send_in_each_state(self, orders, content, found, led):
        """Send the file, then go on by each event that is possible, and go back.

        Where ``led`` knows that an event leads to states that were found, it is left.
        """
        state = tuple(orders.mapped("state"))
        if state in found:
            return
        found[state] = self._sent(content)
        for event in sorted(orders._workflow.events):
            ready = orders._ready_for(event)
            moves = [(order.id, order.state, event) for order in ready]
            if not ready or self._states_after(orders, moves, led) in found:
                continue
            savepoint = self.env.cr.savepoint()
            ready.write({"reason_id": ready._reason("FIMP09").id})
            ready._fire(event)
            led.update(zip(moves, ready.mapped("state"), strict=True))
            self._send_in_each_state(orders, content, found, led)
            savepoint.close(rollback=True)
            self.env.invalidate_all()

    def _states_after(self, orders, moves, led):
        """Return the states of all orders after some moves, None where unknown."""
        after = {move[0]: led.get(move) for move in moves}
        return tuple(after.get(order.id, order.state) for order in orders)

    def test_a_file_that_comes_again_by_another_name_changes_nothing(self):
        content = self._file()
        self._send(content)
        orders = self._orders_there()
        once = self._results(orders)
        exchange = self._send(content)
        self.assertEqual(self._results(orders), once)
        if self.flow == self.order_flow:
            self.assertEqual(exchange.refused_count, 3)

    def test_a_file_of_another_operator_changes_nothing(self):
        """It has guessed the references, and names them as its own."""
        if self.flow == self.order_flow:
            return
        orders = self.known_orders
        before = self._results(orders)
        account = {"operator_id": self.rival.id, "name": "OCT2", "login": "oct2"}
        self.endpoint = self.endpoint.copy(account)
        name = self._name(self.flow, oc="OCT2")
        exchange = self._sent(self._file(), name)
        self.assertEqual((exchange.refused_count, exchange.done_count), (3, 3))
        self.assertEqual(self._results(orders), before)

    def test_what_an_order_needs_is_archived(self):
        """The operator has left, its reasons and the kinds of its PBOs are not used."""
        self.operator.active = False
        for name in ("reason", "pbo.type", "pbo.connection.type"):
            self.env[f"oiconnect.{name}"].search([]).active = False
        sent = self._sent(self._file())
        self.assertEqual((sent.refused_count, sent.done_count), (0, 3))

    def test_a_line_about_two_orders_changes_none(self):
        """The reference of one, the service of another."""
        keys = [name for name in self.lines[0] if name.startswith("ReferencePrestati")]
        services = [row[name] for name in keys for row in self.lines if row[name]]
        if len(services) < 2:
            return
        self.lines[0][keys[0]], self.lines[1][keys[0]] = services[1], services[0]
        orders = self.known_orders[:2]
        before = self._results(orders)
        exchange = self._sent(self._file())
        self.assertEqual(exchange.refused_count, 2)
        self.assertEqual(self._results(orders), before)

    def _orders_there(self):
        if self.flow != self.order_flow:
            return self.known_orders
        return self._named([row[self.key] for row in self.lines]) or self._ordered()

    def _results(self, orders):
        """Return what became of the orders, of their services and of their fibres."""
        self.env.invalidate_all()
        names = [name for name in RESULT_FIELDS if name in orders._fields]
        services = "service_id" in names and orders.service_id
        fibres = "fibre_ids" in names and orders.link_id.fibre_ids
        return (
            orders.read(names),
            services and services.read(["active", "end_date"]),
            fibres and fibres.read(["state", "operator_id"]),
        )

    def _file(self):
        header = self.format.header
        rows = [{name: row.get(name, "") for name in header} for row in self.lines]
        return make_file(header, rows)

    def _send(self, content, name=None):
        return self._take(content, name or self._name(self.flow))

    def _sent(self, content, name=None):
        """Send the file, and see its end; what it does is taken back."""
        savepoint, event = self.env.cr.savepoint(), self._last_event()
        try:
            with self.logged as records:
                exchange = self._send(content, name)
            self.assertEqual(records, [])
            self._check_end(exchange, event)
            self.env.flush_all()
            return _Sent(exchange.refused_count, exchange.done_count)
        finally:
            savepoint.close(rollback=True)
            self.env.invalidate_all()


class _Sent(NamedTuple):
    refused_count: int
    done_count: int


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
class TestMutatedPmOrders(WorstDay, PmCase):
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
class TestMutatedPmReceipts(WorstDay, PmCase):
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
class TestMutatedPmWorks(WorstDay, PmCase):
    """INTERP."""

    flow = "INTERP"
    expected = "announced"

    def _row(self, order):
        return self._keys(order) | {
            "DateNotifRaccordementPM": "20260320",
            "DatePrevisionnelleAdduction": "20260325",
        }

    def check_order(self, order, row):
        dates = order.visit_notice_date, order.planned_adduction_date
        self.assertEqual([*map(str, dates)], ["2026-03-20", "2026-03-25"])

    def test_each_file_ends_and_lines_that_nothing_touched_are_announced(self):
        self._receive_mutants(range(self.count))


@tagged("post_install", "-at_install", "slow")
class TestMutatedPmAdductions(WorstDay, PmCase):
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
class TestMutatedPmEnds(WorstDay, EndingCase, PmCase):
    """AnnRes."""

    flow = "AnnRes"

    def _row(self, order):
        request = {"TypeDemande": self._end(order), "DateDemande": "20260326"}
        return self._keys(order) | request

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
class TestMutatedPbOrders(WorstDay, PbCase):
    """CMDPB."""

    flow = "CMDPB"
    expected = "ar_ok"
    building_state = "on_demand_deploying"

    def test_each_file_ends_and_lines_that_nothing_touched_are_ordered(self):
        self._receive_mutants(range(self.count))


@tagged("post_install", "-at_install", "slow")
class TestMutatedPbCancellations(WorstDay, PbCase):
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
class TestMutatedLinkOrders(WorstDay, LinkCase):
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
class TestMutatedLinkValidations(WorstDay, LinkCase):
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
class TestMutatedLinkEnds(WorstDay, EndingCase, LinkCase):
    """ANNRESLIEN: answered at once, then reported as done."""

    flow = "ANNRESLIEN"

    def _row(self, order):
        request = {"TypeDemande": self._end(order), "DateDemande": "20260326"}
        return self._keys(order) | request

    def check_order(self, order, row):
        self.assertEqual(order.link_id.fibre_ids.mapped("state"), ["free"] * 4)
        self.assertFalse(order.service_id.active)

    def test_each_file_ends_and_lines_that_nothing_touched_are_ended(self):
        self._receive_mutants(range(self.count))
