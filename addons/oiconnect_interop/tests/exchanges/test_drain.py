from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests.common import freeze_time, new_test_user, tagged
from odoo.tools import mute_logger

from ...models.exchanges import outbound
from ..common import ExchangeCase


@tagged("post_install", "-at_install")
class TestDrain(ExchangeCase):
    """From the messages that wait to the files that an operator reads."""

    def _message(self, flow="CR_MAD", **values):
        self.__class__.rank += 1
        payload = {
            "oc_reference": f"OCT-{self.rank:06d}",
            "service_reference": f"FTTH-{self.rank}",
            "result": "OK",
            "date": "2026-03-14T10:05:00",
        }
        return self.env["oiconnect.event"].create(
            {
                "flow": flow,
                "operator_id": self.operator.id,
                "network_id": self.network.id,
                "payload": payload,
                **values,
            }
        )

    def _references(self, exchange):
        return [row["ReferenceCommandePriseInterneOC"] for row in self._rows(exchange)]

    def _wakes(self):
        cron = self.env.ref("oiconnect_interop.cron_drain")
        return self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)])

    # ------------------------------------------------------------------
    # One file or several
    # ------------------------------------------------------------------

    def test_the_messages_of_a_flow_leave_in_one_file_in_their_order(self):
        events = self.env["oiconnect.event"]
        for _n in range(3):
            events |= self._message()
        [made] = self._drain()
        self.assertEqual(
            self._references(made),
            [event.payload["oc_reference"] for event in events],
        )
        self.assertEqual((made.line_count, made.done_count), (3, 3))
        self.assertEqual(made.size, len(made._content()))
        self.assertEqual(set(events.mapped("state")), {"done"})
        self.assertEqual(events.exchange_id, made)
        self.assertFalse(self._drain(), "each message leaves once")

    def test_what_leaves_by_another_channel_is_left_to_it(self):
        first, other = self._message(), self._message()
        self.env.flush_all()
        # A channel that another addon will bring
        self.env.cr.execute(
            "UPDATE oiconnect_event SET channel = 'soap' WHERE id = %s", [other.id]
        )
        other.invalidate_recordset(["channel"])
        [made] = self._drain()
        self.assertEqual(made.event_ids, first)
        self.assertEqual(other.state, "pending")
        self.assertFalse(self.env["oiconnect.outbound"]._waiting_operators())

    def test_flow_version_and_network_each_have_their_file_the_oldest_first(self):
        other = self.network.copy(
            {"name": "Autre", "code": "OITX", "oi_code": "OITX", "pto_prefix": "ZX"}
        )
        account = self.endpoint.copy({"network_id": other.id, "name": "OITX"})
        messages = [
            self._message(version="V1.2"),
            self._message("CR_ANNUL"),
            self._message(network_id=other.id),
            self._message(),
        ]
        made = self._drain().sorted("id")
        self.assertEqual(
            [(item.flow_id.code, item.version) for item in made],
            [
                ("CR_MAD", "V1.2"),
                ("CR_ANNUL", "V1.3"),
                ("CR_MAD", "V1.3"),
                ("CR_MAD", "V1.3"),
            ],
        )
        self.assertEqual(list(made), [item.exchange_id for item in messages])
        self.assertTrue(made[2].name.startswith("OITX_OCT1_ACCES_CR_MAD_V13_"))
        self.assertEqual(made[2].endpoint_id, account)
        self.assertEqual((made - made[2]).endpoint_id, self.endpoint)

    def test_no_report_leaves_before_earlier_messages_of_its_order(self):
        """After a stop: the reports of an older order begin their file."""
        model = "oiconnect.access.order"
        older, order = ({"res_model": model, "res_id": number} for number in (1, 2))
        report = self._message("CR_MAD", **older)
        receipt = self._message("CR_ANNUL", **order)
        late_report = self._message("CR_MAD", **order)
        made = self._drain().sorted("id")
        self.assertEqual(
            [item.event_ids for item in made], [receipt, report | late_report]
        )

    def test_an_operator_is_written_to_in_the_version_and_encoding_it_chose(self):
        self.operator.access_version = "V1.2"
        formats = self.env["oiconnect.flow.format"].search(
            [("flow_id.code", "=", "CR_MAD"), ("version", "=", "V1.2")]
        )
        formats.copy(
            {
                "version": "V1.2",
                "operator_id": self.operator.id,
                "encoding": "cp1252",
            }
        )
        event = self._message()
        event.payload = event.payload | {"comment": "été"}
        made = self._drain()
        self.assertEqual((made.version, made.encoding), ("V1.2", "cp1252"))
        self.assertIn("_CR_MAD_V12_", made.name)
        self.assertIn("été".encode("cp1252"), made._content())

    def test_a_file_is_of_so_many_lines_and_the_rest_leaves_in_the_next(self):
        self.patch(outbound, "LINES_PER_FILE", 2)
        events = [self._message() for _n in range(3)]
        self.assertEqual([item.line_count for item in self._drain()], [2])
        self.assertEqual([item.line_count for item in self._drain()], [1])
        self.assertNotEqual(events[1].exchange_id, events[2].exchange_id)

    def test_a_file_says_what_it_answers_when_that_is_one_file(self):
        sources = [self._take([self._wire()]) for _n in range(2)]
        self._drain()
        keys = [f"exchange:{item.id}" for item in sources]
        for chosen, answered in (
            (keys[:1] * 2, sources[0]),
            (keys, sources[0].browse()),
            ([False, "order:1"], sources[0].browse()),
        ):
            for key in chosen:
                self._message(group_key=key)
            [made] = self._drain()
            with self.subTest(chosen):
                self.assertEqual(made.source_id, answered)

    # ------------------------------------------------------------------
    # What cannot leave
    # ------------------------------------------------------------------

    def test_a_message_without_a_format_waits_for_a_person_and_says_why(self):
        event = self._message(version="V9.9")
        other = self._message("CR_ANNUL")
        drain = self.env["oiconnect.outbound"].with_context(lang="fr_FR")
        [made] = drain._drain(self.operator)
        self.assertEqual((event.state, other.exchange_id), ("error", made))
        self.assertRegex(event.error, "Le flux CR_MAD .*V9.9")

    def test_messages_of_an_archived_flow_wait_for_a_person_and_the_others_leave(self):
        """Any flow, with any agreement of an operator about it."""
        flows = self.env["oiconnect.flow"].search([("direction", "!=", "in")])
        sent = flows.filtered(lambda flow: flow.code.startswith(("AR_", "CR_", "CMD_")))
        self.assertGreater(len(sent), 5)
        drain = self.env["oiconnect.outbound"].with_context(lang="fr_FR")
        for flow in sent:
            other = "CR_RES" if flow.code == "CR_MAD" else "CR_MAD"
            events = self._message(flow.code), self._message(other)
            flow.active = False
            with self.subTest(flow.code):
                [made] = drain._drain(self.operator)
                self.assertEqual([e.state for e in events], ["error", "done"])
                self.assertEqual(events[1].exchange_id, made)
                self.assertIn(f"Le flux {flow.code} est archivé", events[0].error)
            flow.active = True

    @mute_logger("odoo.addons.oiconnect_interop.models.exchanges.outbound")
    def test_messages_that_break_us_keep_no_other_waiting(self):
        broken, event = self._message("CR_ANNUL"), self._message()
        write = outbound.protocol.write

        def break_off(form, payloads):
            if payloads[0] == broken.payload:
                raise ZeroDivisionError
            return write(form, payloads)

        with patch.object(outbound.protocol, "write", break_off):
            [made] = self._drain()
        self.assertEqual((broken.state, event.exchange_id), ("error", made))
        self.assertIn("ZeroDivisionError", broken.error)

    def test_a_file_of_refused_messages_only_is_not_made_and_takes_no_name(self):
        event = self._message(payload={"comment": "rien d'autre"})
        self.assertFalse(self._drain())
        self.assertEqual(event.state, "error")
        self.assertIn("ReferencePrestationPrise", event.error)
        self.assertFalse(event.exchange_id)
        self._message()
        self.assertTrue(self._drain().name.endswith("_01.csv"))

    def test_an_operator_that_another_worker_serves_is_served_after_it(self):
        event = self._message()
        before = self._wakes()
        with patch.object(
            self.env.registry["oiconnect.outbound"], "_lock", lambda *args: False
        ):
            self.assertFalse(self._drain())
        self.assertEqual(event.state, "pending")
        self.assertEqual(self._wakes(), before + 1)

    def test_a_message_to_an_operator_wakes_the_sending_once(self):
        before = self._wakes()
        self._message("CR_MES", group_key="exchange:0")
        self.assertEqual(self._wakes(), before)
        self._message()
        self.assertEqual(self._wakes(), before + 1)
        self._take([self._wire(), self._wire()])
        self.assertEqual(self._wakes(), before + 2, "once the whole file is read")

    # ------------------------------------------------------------------
    # Names
    # ------------------------------------------------------------------

    def test_the_number_in_a_name_begins_again_at_midnight_in_paris(self):
        files = []
        for _n in range(2):
            self._message()
            files.append(self._drain())
        # Noon in winter and in summer: 23:00 and 22:00 of the day before.
        for noon, hours in (("2026-01-14 11:00", 12), ("2026-07-14 10:00", 12)):
            start = fields.Datetime.to_datetime(f"{noon}:00") - timedelta(hours=hours)
            self._date(files[0], start - timedelta(seconds=1))
            self._date(files[1], start)
            with self.subTest(noon), freeze_time(noon):
                event = self._message()
                flow = self.env["oiconnect.flow"]._by_code("CR_MAD")
                name = self.env["oiconnect.outbound"]._file_name(event, flow, "V1.3")
                day = noon[:10].replace("-", "")
                self.assertEqual(name, f"OITO_OCT1_ACCES_CR_MAD_V13_{day}_02.csv")

    def _date(self, exchange, date):
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE oiconnect_exchange SET create_date = %s WHERE id = %s",
            [date, exchange.id],
        )
        self.env.invalidate_all()

    # ------------------------------------------------------------------
    # Rights
    # ------------------------------------------------------------------

    def test_users_of_another_company_see_no_file_no_error_and_no_account(self):
        exchange = self._take([self._wire(ReferencePm="")])
        company = self.env["res.company"].create({"name": "Autre société"})
        user = new_test_user(
            self.env,
            "autre_societe",
            "oiconnect_base.group_exchange_manager",
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )
        for record in (exchange, exchange.error_ids, self.endpoint):
            seen = record.with_user(user)
            with self.subTest(record._name):
                self.assertFalse(seen.search([("id", "in", record.ids)]))
                with self.assertRaises(AccessError):
                    seen.read(["display_name"])

    @freeze_time("2026-01-14 11:00")
    def test_a_file_made_across_midnight_leaves_the_next_a_name(self):
        """Its transaction began the day before: it is not counted among today's."""
        names = []
        for _n in range(2):
            self._message()
            file = self._drain()
            self._date(file, "2026-01-13 22:59:59")
            names.append(file.name)
        self.assertEqual(
            names,
            [
                "OITO_OCT1_ACCES_CR_MAD_V13_20260114_01.csv",
                "OITO_OCT1_ACCES_CR_MAD_V13_20260114_02.csv",
            ],
        )
