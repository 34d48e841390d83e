from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests.common import tagged

from odoo.addons.oiconnect_orders.tests.appointment_common import (
    make_commune,
    make_team,
)

from .rest_common import RestCase

#: keys of lines, as CMD_ACCES has them
ORDER = {
    "connection_type": "STOC",
    "requested_type": "AUTO",
    "existing_socket": False,
    "order_date": "2026-03-14T09:05:00Z",
    "building_identifier": "OITO/B/1",
    "pm_reference": "OITO-PM-1",
    "customer_name": "EXEMPLE",
    "customer_contact1": "0600000001",
}


class OperatorMessageCase(RestCase):
    """Messages that an operator sends by its key."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        _key, cls.value = cls._new_key(operator_id=cls.operator.id, level="write")

    def _say(self, path, status=200, headers=None, **body):
        answer = self._call("POST", path, headers=headers, json=body)
        self.assertEqual(answer.status_code, status, answer.text)
        return answer.json()

    def _order(self, reference, status=201, **values):
        body = ORDER | {"oc_reference": reference} | values
        answer = self._say("/access-orders", status, **body)
        order = self.env["oiconnect.access.order"].search(
            [("oc_reference", "=", reference)], order="id desc", limit=1
        )
        return order, answer

    def _delivered(self, reference):
        order, _answer = self._order(reference)
        order._study()
        order._fire("connected")
        return order

    def _messages(self, record):
        return record.event_ids.sorted("id").mapped("flow")


@tagged("post_install", "-at_install")
class TestRestOrder(OperatorMessageCase):
    """An access order by key goes the road of a line of CMD_ACCES."""

    def test_an_order_is_acknowledged_as_a_line_of_a_file(self):
        order, answer = self._order("OC-1")
        self.assertEqual((answer["id"], answer["state"]), (order.id, "ar_ok"))
        self.assertEqual(answer["connection_type"], "stoc")
        self.assertEqual(order.operator_id, self.operator)
        self.assertEqual(
            order.order_date, fields.Datetime.to_datetime("2026-03-14 09:05")
        )
        self.assertEqual(self._messages(order), ["AR_CMD"])
        self.assertEqual(order.event_ids.payload["result"], "OK")
        self.assertEqual(order.step_ids.mapped("channel"), ["rest", "rest"])

    def test_a_refused_order_is_stored_and_answered_with_the_code(self):
        order, problem = self._order("OC-2", 422, connection_type="FIBRE")
        self.assertEqual(problem["protocol_code"], "FIMP12")
        self.assertEqual(problem["errors"][0]["pointer"], "#/connection_type")
        self.assertEqual((order.state, order.reason_id.code), ("ar_ko", "FIMP12"))
        self.assertEqual(order.event_ids.payload["reason_code"], "FIMP12")

    def test_controls_are_those_of_files(self):
        for values, code, key in (
            ({"order_date": None}, "FIMP15", "order_date"),
            ({"customer_contact1": "abc"}, "FCLI01", "customer_contact1"),
            ({"building_name": "x" * 61}, "FIMP16", "building_name"),
            ({"order_date": "2999-01-01T00:00:00Z"}, "FIMP16", "order_date"),
        ):
            _order, problem = self._order("OC-3", 422, **values)
            self.assertEqual(problem["protocol_code"], code, values)
            self.assertIn(f"#/{key}", [e["pointer"] for e in problem["errors"]])

    def test_a_reference_serves_once(self):
        self._order("OC-4")
        _order, problem = self._order("OC-4", 422)
        self.assertEqual(problem["protocol_code"], "FIMP13")

    def test_the_same_request_makes_one_order(self):
        headers = {"Idempotency-Key": "commande-1"}
        body = ORDER | {"oc_reference": "OC-5"}
        first = self._say("/access-orders", 201, headers, **body)
        self.assertEqual(self._say("/access-orders", 201, headers, **body), first)
        # What was refused was not done: it may be fixed under the same key.
        headers = {"Idempotency-Key": "commande-2"}
        wrong = body | {"oc_reference": "OC-6", "connection_type": "X"}
        self._say("/access-orders", 422, headers, **wrong)
        self._say(
            "/access-orders", 201, headers, **(wrong | {"connection_type": "STOC"})
        )

    def test_what_is_no_value_of_its_type_is_no_order(self):
        count = self.env["oiconnect.access.order"].search_count([])
        for values in ({"existing_socket": "x"}, {"order_date": "x"}, {"nothing": "x"}):
            _order, problem = self._order("OC-7", 422, **values)
            [key] = values
            self.assertEqual(
                [one["pointer"] for one in problem["errors"]], [f"#/{key}"]
            )
        self.assertEqual(self.env["oiconnect.access.order"].search_count([]), count)

    def test_a_rival_at_the_same_time_is_seen_by_the_next_try(self):
        """A reference that another connection takes is refused, as of a file."""
        self._order("OC-8")
        model = type(self.env["oiconnect.access.order"])
        taken = model._taken_references
        calls = []

        def late(orders, *args):
            calls.append(args)
            return set() if len(calls) == 1 else taken(orders, *args)

        with (
            patch.object(model, "_taken_references", late),
            patch("odoo.service.model.time.sleep"),
        ):
            _order, problem = self._order("OC-8", 422)
        self.assertEqual(problem["protocol_code"], "FIMP13")
        self.assertEqual(len(calls), 2)

    def test_an_order_is_cancelled(self):
        order, _answer = self._order("OC-9")
        answer = self._say(
            f"/access-orders/{order.id}/actions/cancel",
            date="2026-03-15T10:00:00Z",
            comment="Le client renonce",
        )
        self.assertEqual((answer["state"], order.state), ("cancelled", "cancelled"))
        self.assertEqual(self._messages(order), ["AR_CMD", "CR_ANNUL"])

    def test_a_line_is_put_in_service_and_terminated(self):
        order = self._delivered("OC-10")
        path = f"/access-orders/{order.id}/actions"
        answer = self._say(f"{path}/activate", in_service_date="2026-03-20T10:00:00Z")
        self.assertEqual(answer["state"], "in_service")
        answer = self._say(f"{path}/terminate", date="2026-03-21T10:00:00Z")
        self.assertEqual(answer["state"], "terminated")
        problem = self._say(f"{path}/cancel", 409, date="2026-03-21T10:00:00Z")
        self.assertEqual(problem["protocol_code"], "FIMP16")
        # It is sent by file too, as the refusal of a line is.
        self.assertEqual(self._messages(order)[-1], "CR_ANNUL")

    def test_the_order_of_another_time_is_not_reached_by_its_reference(self):
        refused, _answer = self._order("OC-11", 422, connection_type="X")
        order, _answer = self._order("OC-11")
        path = f"/access-orders/{refused.id}/actions/cancel"
        self._say(path, 409, date="2026-03-15T10:00:00Z")
        self.assertEqual(order.state, "ar_ok")

    def test_orders_of_the_network_go_the_road_of_their_files(self):
        body = {
            "oc_reference": "PM-1",
            "kind": "unit",
            "pm_reference": "OITO-PM-1",
            "order_date": "2026-03-14",
        }
        answer = self._say("/pm-orders", 201, **body)
        self.assertEqual((answer["kind"], answer["state"]), ("unit", "ar_ok"))
        problem = self._say(
            "/pm-orders",
            422,
            **(body | {"oc_reference": "PM-2", "pm_reference": "NONE"}),
        )
        self.assertEqual(problem["protocol_code"], "FIMP07")
        for path in ("/pb-orders", "/link-orders"):
            problem = self._say(path, 422, oc_reference="N-1")
            self.assertEqual(problem["protocol_code"], "FIMP15", path)

    # -- many ---------------------------------------------------------------------

    def _rows(self, count, start=0):
        return [ORDER | {"oc_reference": f"LOT-{start + n}"} for n in range(count)]

    def _lot(self, rows, status, path="/access-orders", headers=None):
        return self._say(f"{path}/bulk", status, headers, rows=rows)

    def _stored(self):
        domain = [("oc_reference", "=like", "LOT-%")]
        return self.env["oiconnect.access.order"].search(domain, order="id")

    def test_many_are_ordered_at_once_as_lines_of_one_file(self):
        headers = {"Idempotency-Key": "lot-1"}
        rows = self._rows(1000)
        answer = self._lot(rows, 201, headers=headers)
        orders = self._stored()
        self.assertEqual([one["id"] for one in answer["data"]], orders.ids)
        self.assertEqual(
            [one["oc_reference"] for one in answer["data"]],
            [row["oc_reference"] for row in rows],
        )
        self.assertEqual(set(orders.mapped("state")), {"ar_ok"})
        self.assertEqual(set(orders.step_ids.mapped("channel")), {"rest"})
        self.assertEqual(self._messages(orders), ["AR_CMD"] * 1000)
        self.assertEqual(self._lot(rows, 201, headers=headers), answer)
        self.assertProblem(
            self._call(
                "POST",
                "/access-orders/bulk",
                headers=headers,
                json={"rows": self._rows(1, 2000)},
            ),
            422,
            "reused",
        )
        problem = self._lot(self._rows(1001, 3000), 422)
        self.assertEqual(problem["errors"][0]["pointer"], "#/rows")
        self.assertEqual(self._stored(), orders)

    def test_of_many_one_that_is_refused_leaves_none(self):
        self._order("LOT-9")
        headers = {"Idempotency-Key": "lot-2"}
        rows = self._rows(5)
        rows[1] |= {"connection_type": "FIBRE", "customer_contact1": "abc"}
        rows[2]["oc_reference"] = "LOT-9"
        rows[4]["oc_reference"] = "LOT-0"
        problem = self._lot(rows, 422, headers=headers)
        self.assertEqual(problem["type"], "urn:oiconnect:problem:refused")
        errors = [(one["pointer"], one["code"]) for one in problem["errors"]]
        self.assertEqual(
            sorted(errors),
            [
                ("#/rows/1/connection_type", "FIMP12"),
                ("#/rows/1/customer_contact1", "FCLI01"),
                ("#/rows/2/oc_reference", "FIMP13"),
                ("#/rows/4/oc_reference", "FIMP13"),
            ],
        )
        self.assertEqual(self._stored().mapped("oc_reference"), ["LOT-9"])
        # Nothing of them was sent by file either; fixed, they pass by the same key.
        self.assertEqual(len(self._stored().event_ids), 1)
        self._lot(self._rows(5), 201, headers=headers)

    def test_unreadable_rows_are_reported_one_by_one(self):
        rows = self._rows(3)
        rows[0]["order_date"], rows[2]["network_id"] = "hier", 2**30
        problem = self._lot(rows, 422)
        [error] = problem["errors"]
        self.assertEqual(error["pointer"], "#/rows/0/order_date")
        rows[0]["order_date"] = rows[1]["order_date"]
        [error] = self._lot(rows, 422)["errors"]
        self.assertEqual(error["pointer"], "#/rows/2/network_id")
        self.assertFalse(self._stored())

    def test_many_of_one_network_and_of_another(self):
        other = self.network.copy({"code": "OITO2"})
        both = {"network_ids": [(6, 0, (self.network + other).ids)]}
        _key, self.value = self._new_key(
            operator_id=self.operator.id, level="write", **both
        )
        [error] = self._lot(self._rows(1), 422)["errors"]
        self.assertEqual(error["pointer"], "#/rows/0/network_id")
        rows = self._rows(3)
        for row, network in zip(rows, (other, self.network, other), strict=True):
            row["network_id"] = network.id
        answer = self._lot(rows, 201)["data"]
        references = [row["oc_reference"] for row in rows]
        self.assertEqual([one["oc_reference"] for one in answer], references)
        orders = self._stored().sorted("oc_reference")
        self.assertEqual(list(orders.mapped("network_id")), [other, self.network])
        self.assertEqual(orders[1].network_id, self.network)

    def test_what_no_file_makes_is_not_made_by_many(self):
        for path in ("/appointments", "/buildings", "/tickets"):
            answer = self._call("POST", f"{path}/bulk", json={"rows": [{}]})
            self.assertIn(answer.status_code, (403, 404, 405, 422), path)
            self.assertNotIn("data", answer.json(), path)
        problem = self._lot([{"oc_reference": "LOT-PM"}] * 2, 422, "/pm-orders")
        self.assertIn("FIMP15", {one["code"] for one in problem["errors"]})

    def test_the_form_follows_the_columns_of_the_flow(self):
        def keys():
            document = self._call("GET", "/openapi.json", "").json()
            schema = document["components"]["schemas"]["AccessOrdersOperatorNew"]
            return set(schema["properties"])

        self.assertLess({"oc_reference", "offer", "network_id"}, keys())
        flow = self.env["oiconnect.flow"]._by_code("CMD_ACCES")
        newest = flow.format_ids.sorted("version")[-1]
        newest.column_ids = [
            (0, 0, {"name": "Zone", "field_path": "zone", "sequence": 99})
        ]
        self.assertIn("zone", keys())


@tagged("post_install", "-at_install")
class TestRestAppointment(OperatorMessageCase):
    """Visits: slots are looked for, booked, moved and given back by key."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.commune = make_commune(cls.env)
        cls.team = make_team(cls.env, cls.network)

    def _slots(self):
        now = fields.Datetime.now()
        answer = self._get(
            "/slots",
            **{
                "insee_code": self.commune.insee_code,
                "from": f"{now.isoformat()}Z",
                "to": f"{(now + timedelta(days=14)).isoformat()}Z",
            },
        )
        return [one["slot"] for one in answer["data"]]

    def _book(self, slot, status=201):
        return self._say(
            "/appointments", status, slot=slot, insee_code=self.commune.insee_code
        )

    def test_a_visit_is_booked_moved_and_given_back(self):
        first, second = self._slots()[:2]
        answer = self._book(first)
        self.assertEqual((answer["state"], answer["awaits"]), ("created", "us"))
        self.assertNotIn(first, self._slots())
        path = f"/appointments/{answer['id']}"
        moved = self._say(f"{path}/actions/move", slot=second)
        self.assertGreater(moved["start"], answer["start"])
        self.assertIn(first, self._slots())
        self.assertEqual(self._say(f"{path}/actions/cancel")["state"], "cancelled")
        self.assertIn(second, self._slots())

    def test_refusals_are_those_of_the_protocol(self):
        slot = self._slots()[0]
        answer = self._book(slot)
        self.assertEqual(self._book(slot, 409)["protocol_code"], "FRDV02")
        path = f"/appointments/{answer['id']}/actions"
        problem = self._say(f"{path}/confirm", 409)
        self.assertEqual(problem["protocol_code"], "FRDV04")
        problem = self._say(
            "/appointments", 422, slot=self._slots()[0], insee_code="99999"
        )
        self.assertEqual(problem["errors"][0]["pointer"], "#/insee_code")

    def test_what_we_propose_is_accepted(self):
        first, second = self._slots()[:2]
        answer = self._book(first)
        visit = self.env["oiconnect.appointment"].browse(answer["id"])
        visit._propose(second)
        answer = self._say(f"/appointments/{visit.id}/actions/confirm")
        self.assertEqual((answer["state"], answer["awaits"]), ("confirmed", None))


@tagged("post_install", "-at_install")
class TestRestTicket(OperatorMessageCase):
    """A ticket by key goes the road of a ticket by web service."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        orders = cls.env["oiconnect.access.order"]
        line = {key: value for key, value in ORDER.items() if key != "order_date"}
        line |= {"oc_reference": "OC-1", "order_date": "2026-03-14T10:05:00"}
        [(cls.order, refusals)] = orders._receive([line], cls.operator, cls.network)
        assert not refusals
        cls.order._study()
        cls.order._fire("connected")

    def _open(self, key, status=201, **values):
        return self._say(
            "/tickets",
            status,
            **{
                "oc_key": key,
                "type": "1",
                "service_reference": self.order.service_reference,
                "defect": "PAS DE SIGNAL",
                "defect_class": "1",
                "prelocation": "PBO",
                "content": "Plus de signal",
                **values,
            },
        )

    def _ticket(self, answer):
        return self.env["oiconnect.ticket"].browse(answer["id"])

    def test_a_ticket_is_opened_once(self):
        answer = self._open("SAV-1")
        ticket = self._ticket(answer)
        self.assertEqual((answer["state"], ticket.opened_by), ("open", "oc"))
        self.assertEqual(ticket.order_id, self.order)
        self.assertEqual(ticket.message_line_ids.mapped("content"), ["Plus de signal"])
        self.assertEqual(self._open("SAV-1")["id"], answer["id"])
        self.assertEqual(self._open("SAV-2", 409)["protocol_code"], "100")

    def test_refusals_are_those_of_the_web_service(self):
        for values, code, key in (
            ({"defect": None}, "1", "defect"),
            ({"defect": "AUTRE CHOSE"}, "2", "defect"),
            ({"service_reference": "NONE"}, "8", "service_reference"),
        ):
            problem = self._open("SAV-3", 422, **values)
            self.assertEqual(problem["protocol_code"], code)
            self.assertEqual(problem["errors"][0]["pointer"], f"#/{key}")
        self.assertFalse(
            self.env["oiconnect.ticket"].search([("oc_key", "=", "SAV-3")])
        )

    def test_a_dialogue_and_a_cancellation(self):
        answer = self._open("SAV-4")
        path = f"/tickets/{answer['id']}/actions"
        self._say(f"{path}/update", content="Le client rappelle", escalation=True)
        ticket = self._ticket(answer)
        self.assertTrue(ticket.is_escalated)
        self.assertEqual(len(ticket.message_line_ids), 2)
        problem = self._say(f"{path}/update", 409, content="Le client rappelle")
        self.assertEqual(problem["protocol_code"], "6")
        answer = self._say(f"{path}/request_cancel")
        self.assertEqual(answer["state"], "cancelled")
        problem = self._say(f"{path}/update", 409, content="Trop tard")
        self.assertEqual(problem["protocol_code"], "11")

    def test_a_resolution_is_rejected_then_accepted(self):
        self.operator.validates_resolutions = True
        answer = self._open("SAV-5")
        ticket = self._ticket(answer)
        path = f"/tickets/{ticket.id}/actions"
        for verb, state in (("reject", "in_progress"), ("accept", "closed")):
            task = self.env["oiconnect.ticket.task"].create({"ticket_id": ticket.id})
            task._fire("do")
            ticket._fire(
                "resolve",
                closure_code=self.env["oiconnect.ticket.closure.code"]._of("RET01"),
                location=self.env["oiconnect.ticket.code"]._of("location", "PBO"),
            )
            self.assertEqual(self._say(f"{path}/{verb}")["state"], state)


@tagged("post_install", "-at_install")
class TestRestFile(OperatorMessageCase):
    """Files that were exchanged, and what is published, with their content."""

    def test_an_operator_downloads_its_files(self):
        theirs = {"network_id": self.network.id, "operator_id": self.operator.id}
        sent = theirs | {"direction": "out", "state": "out_sent"}
        publication = self.env["oiconnect.publication"].create(
            {
                "network_id": self.network.id,
                "kind": "ipe",
                "state": "done",
                "name": "IPE.csv",
                "file": "Yg==",
            }
        )
        self.env["oiconnect.exchange"].create(
            [
                sent | {"name": "AR_é.csv", "content": "YQ=="},
                sent | {"name": "IPE.csv", "publication_id": publication.id},
            ]
        )
        for path, contents in (("/exchanges", [b"a", b"b"]), ("/publications", [b"b"])):
            found = self._get(path)["data"]
            answers = [
                self._call("GET", f"{path}/{row['id']}/content") for row in found
            ]
            self.assertEqual([answer.content for answer in answers], contents)
        self.assertEqual(self._get("/publications", self.rival_value)["data"], [])
        answer = self._call("GET", f"{path}/{publication.id}/content", self.rival_value)
        self.assertProblem(answer, 404, "unknown")
