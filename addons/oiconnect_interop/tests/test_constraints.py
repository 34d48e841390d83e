import random
import string
from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests.common import tagged

from odoo.addons.oiconnect_infra.tests.map_common import placed
from odoo.addons.oiconnect_orders.models.pm_orders import pm_report
from odoo.addons.oiconnect_orders.tests.appointment_common import (
    make_commune,
    make_team,
)
from odoo.addons.oiconnect_orders.tests.link_orders.common import make_link

from . import constraints
from .common import HEADER_V13, ExchangeCase, make_file, received_flows
from .exchanges.test_exchange_flows import END, MES, STOC

MOMENT = "20260328 09:40"
# A text that no index holds, whole numbers and dates at the ends of what can be written
LONG = "".join(random.Random(7).choices(string.ascii_uppercase, k=9000))
PAST = {
    "text": [LONG],
    "comment": [LONG],
    "phone": [LONG],
    "contact": [LONG],
    "reason": [LONG],
    "integer": ["9" * 11, "9" * 18],
    "date": ["99999999"],
    "datetime": ["99999999 99:99"],
}
EXTREMES = {
    "date": ["19000101", "99991231"],
    "datetime": ["19000101 00:00", "99991231 23:59"],
}
NOTICE = (
    "NomFichier EtatNotif DateNotif NombreLignes NombreLignesRejetees Commentaire"
).split()
_OF_PM = {"ReferenceCommandePMInterneOC": "PM-1"}
_DAY = "20260328"
# Good lines of each flow about a PM, as its operator writes them
PM_LINES = {
    "CMD": _OF_PM
    | {
        "TypeCommandePM": "UNIT",
        "ChoixTechniqueOC": "P",
        "DateCommandePM": _DAY,
        "ReferenceContrat": "",
        "CodeOC": "",
        "CodeOI": "",
        "ContactOC": "",
        "CommentaireCommandePM": "",
    },
    "ARMAD": _OF_PM
    | {
        "ReferencePrestationPM": "",
        "DateArMadPM": _DAY,
        "EtatArMadPM": "OK",
        "MotifKoArMadPM": "",
        "CommentaireArMadPM": "",
    },
    "INTERP": _OF_PM
    | {
        "ReferencePrestationPM": "",
        "DateNotifRaccordementPM": _DAY,
        "DatePrevisionnelleAdduction": _DAY,
        "CommentaireInterventionPM": "",
    },
    "ADDU": _OF_PM
    | {
        "ReferencePrestationPM": "",
        "DateNotifAdduction": _DAY,
        "DateAdduction": _DAY,
        "EtatAdduction": "OK",
        "MotifKoAdduction": "",
    },
    "AnnRes": _OF_PM
    | {
        "ReferencePrestationPM": "",
        "TypeDemande": "RESILIATION",
        "DateDemande": _DAY,
        "MotifDemande": "",
    },
}
_OF_PB = {"ReferenceCommandePBInterneOC": "PB-1"}
# Good lines of each flow about a PB, but for its PM
PB_LINES = {
    "CMDPB": _OF_PB
    | {
        "IdentifiantImmeuble": "OITO/B/2",
        "CodeAdresseImmeuble": "",
        "DateCommandePB": _DAY,
        "NombreLogementsDemandes": "1",
        "CommentaireCommandePB": "",
    },
    "ANNCMDPB": _OF_PB
    | {"IdentifiantImmeuble": "", "DateAnnulation": _DAY, "MotifAnnulation": ""},
}
_OF_LINK = {"ReferenceCommandeLienInterneOC": "LINK-1", "ReferencePrestationLien": ""}
# The same of a link
LINK_LINES = {
    "CMDLIEN": {
        "ReferenceCommandeLienInterneOC": "LINK-1",
        "TypeCommandeLien": "INIT",
        "ReferencePM": "OITO-PM-1",
        "ReferencePMTechnique": "",
        "ReferencePRDM": "",
        "ReferenceNRO": "",
        "ReferenceLienPMPRDM": "OITO-LNP-1",
        "NbFODemandees": "2",
        "NbFOExistantes": "0",
        "DateCommandeLien": _DAY,
        "ReferenceContrat": "",
        "ContactOC": "",
        "CommentaireCommandeLien": "",
    },
    "CRVALLIEN": _OF_LINK
    | {
        "DateCrValidationLien": _DAY,
        "EtatCrValidationLien": "KO",
        "MotifKoCrValidationLien": "FINT04",
        "CommentaireCrValidationLien": "",
    },
    "ANNRESLIEN": _OF_LINK
    | {
        "TypeDemande": "RESILIATION",
        "NumeroFO": "",
        "DateDemande": _DAY,
        "MotifDemande": "",
    },
}
OWN_ORDER = "ReferenceCommandeSousTraitantOI"
RACCO = [name for name in STOC if name != OWN_ORDER]


class LinesCase(ExchangeCase):
    """Lines of each flow that operators send, about orders of any state."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.flows = set()
        cls.link = make_link(cls.env, cls.network, cls.pm, "OITO")

    def _say(self, flow, header, *lines):
        self.flows.add(flow)
        return self._take(make_file(header, lines), self._name(flow))

    def _say_link(self, flow, **values):
        line = LINK_LINES[flow] | values
        return self._say(flow, list(line), line)

    def _make_link_available(self):
        self._say_link("CMDLIEN")
        orders = self.env["oiconnect.link.order"]
        orders.search([("oc_reference", "=", "LINK-1")])._fire("make_available")

    def _ask(self, **values):
        """Return the order of a line of CMD_ACCES, studied."""
        self.flows.add("CMD_ACCES")
        order = self._orders_of(self._take([self._wire(**values)]))
        order._study()
        return order

    def _keys(self, order):
        return {
            "ReferenceCommandePriseInterneOC": order.oc_reference,
            "ReferencePrestationPrise": order.service_reference,
        }

    def _report(self, order, **values):
        line = self._keys(order) | {
            "ReferenceCommandeSousTraitantOI": order.subcontract_reference,
            "CrRaccordementPrise": "OK",
            "ReferencePrise": order.pto_id.reference,
            "DateRaccordementPrise": "20260328 09:40",
            "PrisePosee": "OUI",
            **values,
        }
        return self._say("CR_STOC", STOC, line)

    def _end(self, flow, operation, order):
        line = self._keys(order) | {
            "TypeOperation": operation,
            "DateAnnulation": "20260326 17:00",
        }
        return self._say(flow, END, line)


@tagged("post_install", "-at_install")
class TestConstraints(LinesCase):
    """Each rule of the database that a line may break has its code and its story."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with constraints.tables_written(cls.env) as cls.tables:
            cls._play()
        cls.rules = constraints.listed(cls.env.cr, cls.tables)

    # ------------------------------------------------------------------
    # Lines of all kinds
    # ------------------------------------------------------------------

    @classmethod
    def _play(cls):
        """Send lines of each flow, such as touch all that a line may touch."""
        self = cls("test_each_rule_has_its_answer")
        self._play_appointment()
        self._play_connections()
        self._play_ends()
        self._play_takeover()
        self._play_notices()
        self._play_pm()
        self._play_pb()
        self._play_link()

    def _play_link(self):
        """A link is ordered, refused, made available, refused again and given back."""
        self._say_link(
            "CMDLIEN", ReferenceCommandeLienInterneOC="LINK-0", ReferencePM="X"
        )
        self._make_link_available()
        for values in ({}, {"EtatCrValidationLien": "OK"}):
            self._say_link("CRVALLIEN", **values)
        for named in ("NONE", "LINK-1"):
            self._say_link("ANNRESLIEN", ReferenceCommandeLienInterneOC=named)

    def _play_pm(self):
        """A PM is ordered, refused, made available, adducted and given back."""
        self._say_pm("CMD", ReferenceCommandePMInterneOC="PM-0", TypeCommandePM="X")
        with patch.object(pm_report, "plan_pdf", lambda env, pm: b"%PDF"):
            self._say_pm("CMD")
            orders = self.env["oiconnect.pm.order"]
            order = orders.search([("oc_reference", "=", "PM-1")])
            order._fire("deliver")
        for flow in ("ARMAD", "INTERP", "ADDU", "AnnRes"):
            self._say_pm(flow)
        self._say_pm("ADDU", ReferenceCommandePMInterneOC="NONE")
        self._say_pm("AnnRes", ReferenceCommandePMInterneOC="NONE")

    def _play_pb(self):
        """A PB is ordered, refused and called off; the map counts its address."""
        self.other_building.write({"state": "on_demand", **placed(46.01, 5.2)})
        for _rank in range(2):
            self._say_pb("CMDPB")
        for _rank in range(2):
            self._say_pb("ANNCMDPB")
        self._say_pb("ANNCMDPB", ReferenceCommandePBInterneOC="NONE")

    def _say_pb(self, flow, **values):
        line = PB_LINES[flow] | {"ReferencePM": self.pm.reference} | values
        self._say(flow, list(line), line)

    def _say_pm(self, flow, **values):
        line = PM_LINES[flow] | {"ReferencePM": self.other_pm.reference} | values
        self._say(flow, list(line), line)

    def _play_appointment(self):
        commune = make_commune(self.env)
        make_team(self.env, self.network)
        visits = self.env["oiconnect.appointment"].with_context(tracking_disable=True)
        now = fields.Datetime.now()
        slots = visits._search_slots(
            self.network, commune, now, now + timedelta(days=14)
        )
        slot = slots[0].reference
        visit, _refusals = visits._book(
            self.operator, self.network, commune, slot, building_id=self.building.id
        )
        order = self._ask(TypeRacco="OI", IdRdv=visit.reference)
        self._end("ANNUL_ACCES", "ANNUL", order)

    def _play_connections(self):
        self._ask(ReferencePm="")
        order = self._ask(**{"Info Cmd Accès 1": "B1/T2/P3"})
        self._report(
            order, CrRaccordementPrise="KO", MotifKoCrRaccordementPrise="FCLI01"
        )
        self._report(order, NotificationReprovisioningHL="OUI", NumeroDecharge="D-1")
        line = self._keys(order) | {"DateMiseEnServicePrise": "20260328 11:15"}
        self._say("CR_MES", MES, line)
        self._end("RES_ACCES", "RESIL", order)
        own = self._ask(TypeRacco="OC")
        line = self._keys(own) | {"CrRaccordementPrise": "OK"}
        self._say("CR_RACCO", RACCO, line)

    def _play_ends(self):
        self._end("ANNUL_ACCES", "ANNUL", self._ask())
        self._end("ANNUL_ACCES", "ANNUL", self.env["oiconnect.access.order"])
        late = self._ask()
        late.due_date = fields.Datetime.now() - timedelta(days=9)
        self._report(late)
        self._end("RES_ACCES", "RESIL", late)

    def _play_takeover(self):
        place = self.other_building
        held = self._order(self.rival, building_identifier=place.identifier)
        held._fire("connected")
        held.pto_id.connector_count = 1
        taker = self._ask(
            CodeAdresseImmeuble=place.address_code,
            PriseExistante="O",
            ReferencePrise=held.pto_id.reference,
        )
        self._report(taker)

    def _play_notices(self):
        for flow, code in (("NOTIF_AR", "AR_CMD"), ("NOTIF_CR", "CR_CMD")):
            self._drain()
            sent = self.env["oiconnect.exchange"].search(
                [
                    ("operator_id", "=", self.operator.id),
                    ("direction", "=", "out"),
                    ("flow_id.code", "=", code),
                ],
                limit=1,
            )
            line = {
                "NomFichier": sent.name,
                "EtatNotif": "KO",
                "DateNotif": "20260328 09:40",
                "NombreLignes": "1",
            }
            self._say(flow, NOTICE, line)

    # ------------------------------------------------------------------
    # The list
    # ------------------------------------------------------------------

    def test_lines_of_each_flow_were_sent(self):
        self.assertEqual(self.flows, received_flows(self.env))

    def test_lines_of_all_kinds_were_taken(self):
        """Check that lines went as far as they can: other tests rely on it."""
        for table in (
            "oiconnect_access_order",
            "oiconnect_appointment",
            "oiconnect_event",
            "oiconnect_exchange",
            "oiconnect_route",
            "oiconnect_workflow_step",
        ):
            self.assertIn(table, self.tables)

    def test_each_rule_has_its_answer(self):
        found = constraints.problems(self.rules, constraints.declared())
        self.assertFalse(found, "\n".join(found))

    def test_a_rule_without_answer_is_named(self):
        """A module to come adds rules to a table that lines write."""
        self.env.cr.execute(
            """
            ALTER TABLE oiconnect_access_order
                ADD COLUMN lift_code varchar(4), ADD COLUMN dog_count int,
                ADD CONSTRAINT no_dog CHECK (dog_count = 0);
            CREATE UNIQUE INDEX one_lift ON oiconnect_access_order (lift_code)
            """
        )
        rules = constraints.listed(self.env.cr, self.tables)
        found = constraints.problems(rules, constraints.declared())
        self.assertEqual(
            found,
            [
                f"oiconnect_access_order {rule}: no line in constraints.csv"
                for rule in (
                    "check no_dog",
                    "length lift_code",
                    "number dog_count",
                    "unique one_lift",
                )
            ],
        )

    def test_a_table_that_lines_begin_to_write_is_listed(self):
        made = self.env["res.partner.category"]
        inbound = self.env.registry["oiconnect.inbound"]
        handle = inbound._handle

        def also(records, *arguments):
            made.create({"name": "Made by a line"})
            return handle(records, *arguments)

        self.patch(inbound, "_handle", also)
        with constraints.tables_written(self.env) as tables:
            self._take([self._wire()])
        self.assertIn(made._table, tables - self.tables)

    def test_what_the_list_says_is_still_so(self):
        rule = constraints.DatabaseRule("oiconnect_route", "check", "gone_by_now")
        for answer, text in (
            (constraints.Answer("FIMP16", "43_neighbours_socket", ""), "gone"),
            (constraints.Answer("FIMP16", "99_no_story", ""), "neither a story"),
            (constraints.Answer("FADR09", "43_neighbours_socket", ""), "FADR09"),
            (constraints.Answer("", "", ""), "neither a code"),
        ):
            found = constraints.problems(set(), {rule: answer})
            with self.subTest(text):
                self.assertIn(text, "\n".join(found))


@tagged("post_install", "-at_install")
class TestLimits(LinesCase):
    """No value of a line is too long, too large or too late to be answered."""

    def setUp(self):
        super().setUp()
        self.order = self._ask()
        self.ready = self._ask()
        self._report(self.ready)
        self._make_link_available()
        line = PM_LINES["CMD"] | {"ReferencePM": self.other_pm.reference}
        self._say("CMD", list(line), line)
        order = self.env["oiconnect.pm.order"].search([("oc_reference", "=", "PM-1")])
        with patch.object(pm_report, "plan_pdf", lambda env, pm: b"%PDF"):
            order._fire("deliver")
        self.other_building.state = "on_demand"

    def _lines(self):
        """Yield (flow, header, good line) of each flow about an order."""
        keys = self._keys(self.order)
        report = {"CrRaccordementPrise": "OK", "DateRaccordementPrise": MOMENT}
        end = {"DateAnnulation": MOMENT}
        own = {"ReferenceCommandeSousTraitantOI": self.order.subcontract_reference}
        yield "CMD_ACCES", HEADER_V13, self._wire()
        yield "CR_STOC", STOC, keys | report | own
        yield "CR_RACCO", RACCO, keys | report
        yield "CR_MES", MES, self._keys(self.ready) | {"DateMiseEnServicePrise": MOMENT}
        yield "ANNUL_ACCES", END, keys | end | {"TypeOperation": "ANNUL"}
        yield (
            "RES_ACCES",
            END,
            self._keys(self.ready) | end | {"TypeOperation": "RESIL"},
        )
        for flow, line in PM_LINES.items():
            line = line | {"ReferencePM": self.other_pm.reference}
            yield flow, list(line), line
        for flow, line in PB_LINES.items():
            line = line | {"ReferencePM": self.pm.reference}
            yield flow, list(line), line
        for flow, line in LINK_LINES.items():
            yield flow, list(line), line
        for flow in ("NOTIF_AR", "NOTIF_CR"):
            notice = {"NomFichier": "X.csv", "EtatNotif": "OK", "DateNotif": MOMENT}
            yield flow, NOTICE, notice

    def _bent(self, flow, line):
        """Yield the lines of each file: those that change nothing go together."""
        form = self.env["oiconnect.flow"]._by_code(flow)
        version = "V3.1" if form.protocol == "pm" else "V1.3"
        refused = []
        for column in form._format_for(self.operator, version).columns:
            refused += [
                line | {column.name: text} for text in PAST.get(column.type, ())
            ]
            for text in EXTREMES.get(column.type, ()):
                yield [line | {column.name: text}]
        yield refused

    def test_all_flows_are_tried(self):
        tried = {flow for flow, _header, _line in self._lines()}
        self.assertEqual(tried, received_flows(self.env))

    def test_no_value_of_a_line_stops_it_from_being_answered(self):
        for flow, header, line in self._lines():
            for bent in self._bent(flow, line):
                with self.subTest(flow, lines=bent), self._undone():
                    file = self._take(make_file(header, bent), self._name(flow))
                    self.assertEqual(file.done_count, len(bent), file.message)
                    self.assertNotIn("FAUT01", file.error_ids.mapped("code"))
                    self._orders_of(file)._study()
                    self.env.flush_all()

    @contextmanager
    def _undone(self):
        savepoint = self.env.cr.savepoint()
        try:
            yield
        finally:
            savepoint.close(rollback=True)
            self.env.invalidate_all(flush=False)
