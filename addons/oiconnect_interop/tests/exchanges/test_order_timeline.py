from odoo.tests import HttpCase, tagged

from odoo.addons.oiconnect_base.tests.browser import needs_browser
from odoo.addons.oiconnect_orders.tests.timeline_common import TimelineReader

from ..common import ExchangeCase, make_file
from .test_exchange_flows import END, MES, STOC


class TimelineCase(TimelineReader, ExchangeCase):
    def _file(self, header, order, flow, **values):
        line = {
            "ReferenceCommandePriseInterneOC": order.oc_reference,
            "ReferencePrestationPrise": order.service_reference,
            "ReferencePrise": order.pto_id.reference or "",
            **values,
        }
        return self._take(make_file(header, [line]), self._name(flow))

    def _connected(self):
        """Return an order that came and was connected by files, each answered."""
        order = self._orders_of(self._take([self._wire()]))
        order._study()
        self._drain()
        self._file(
            STOC,
            order,
            "CR_STOC",
            ReferenceCommandeSousTraitantOI=order.subcontract_reference,
            CrRaccordementPrise="OK",
        )
        self._drain()
        return order


@tagged("post_install", "-at_install")
class TestOrderTimeline(TimelineCase):
    """Files received and sent are part of the story of an order."""

    def _files(self, entry, model="oiconnect.exchange"):
        ids = [link["id"] for link in entry["links"] if link["model"] == model]
        return self.env[model].browse(ids)

    def test_each_line_and_each_message_leads_to_its_file(self):
        user = self._user("access_user", "exchange_read")
        order = self._connected()
        self._file(MES, order, "CR_MES", DateMiseEnServicePrise="20260328 11:15")
        entries = [
            (entry["kind"], self._files(entry).flow_id.code)
            for entry in self._read(order, user)
            if entry["kind"] in ("line", "message")
        ]
        self.assertEqual(
            sorted(entries),
            [
                ("line", "CMD_ACCES"),
                ("line", "CR_MES"),
                ("line", "CR_STOC"),
                ("message", "AR_CMD"),
                ("message", "CMD_STOC"),
                ("message", "CR_CMD"),
                ("message", "CR_MAD"),
            ],
        )

    def test_flows_are_called_by_their_names(self):
        user = self._user("access_user", "exchange_read")
        order = self._orders_of(self._take([self._wire()]))
        [line] = [e for e in self._read(order, user) if e["kind"] == "line"]
        self.assertEqual(line["title"], "CMD_ACCES – Commande d'accès")
        self.assertEqual(line["text"], "ligne 2 prise en compte")
        self.assertEqual(line["who"], "OCT1")

    def test_a_line_that_was_refused_tells_why(self):
        user = self._user("access_user", "exchange_read")
        order = self._orders_of(self._take([self._wire()]))
        order._study()
        order._fire("cancel")
        self._file(
            END,
            order,
            "ANNUL_ACCES",
            TypeOperation="ANNUL",
            DateAnnulation="20260328 11:15",
            ResponsabiliteAnnulationCommandePrise="CLIENT",
        )
        line = next(
            entry
            for entry in self._read(order, user)
            if "ANNUL_ACCES" in entry["title"]
        )
        self.assertIn("ligne 2 refusée · F", line["text"])
        self.assertEqual(line["style"], "danger")
        answer = next(e for e in self._read(order, user) if "CR_ANNUL" in e["title"])
        self.assertTrue(answer)

    def test_users_who_may_not_read_files_see_none(self):
        order = self._connected()
        for groups in (("access_read",), ("access_user",)):
            entries = self._read(order, self._user(*groups))
            self.assertFalse([entry for entry in entries if entry["kind"] == "line"])
            self.assertFalse([e for e in entries if self._files(e)])
            self.assertNotIn(".csv", str(entries))

    def test_files_take_no_more_queries_when_there_are_more(self):
        user = self._user("access_user", "exchange_read")
        short = self._connected()
        long = self._connected()
        for order, times in ((short, 2), (long, 9)):
            for _again in range(times):
                self._file(
                    MES, order, "CR_MES", DateMiseEnServicePrise="20260328 11:15"
                )
        self.assertNoMoreQueries(short, long, user, 6)


@tagged("post_install", "-at_install")
class TestTourOrderTimeline(TimelineCase, HttpCase):
    """The story of an order is read in the browser, and its files opened."""

    @needs_browser
    def test_read_the_story_and_open_a_file(self):
        user = self._user("access_user", "exchange_read")
        order = self._connected()
        self.start_tour(
            f"/odoo/oiconnect.access.order/{order.id}",
            "oiconnect_order_timeline",
            login=user.login,
        )
