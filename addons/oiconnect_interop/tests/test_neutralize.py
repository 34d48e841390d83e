import base64

from odoo import fields
from odoo.modules.neutralize import get_neutralization_queries
from odoo.tests.common import tagged
from odoo.tools import SQL

from odoo.addons.oiconnect_orders.models.access.customer import OF_ORDER
from odoo.addons.oiconnect_orders.models.appointments.appointment import FORGOTTEN
from odoo.addons.oiconnect_orders.personal import CUSTOMER_FIELDS, FREE_FIELDS

from .common import ExchangeCase

ADDONS = (
    "oiconnect_base",
    "oiconnect_infra",
    "oiconnect_orders",
    "oiconnect_sav",
    "oiconnect_import",
    "oiconnect_interop",
    "oiconnect_soap",
    "oiconnect_api",
)
NAME, FIRSTNAME, MAIL = "ZEBULONEXEMPLE", "CAMILLEEXEMPLE", "zc@exemple.invalid"
PHONE, WORDS = "0600999001", "Interphone QX12"
SECRETS = (NAME, FIRSTNAME, PHONE, MAIL, WORDS)


@tagged("post_install", "-at_install")
class TestNeutralize(ExchangeCase):
    """A copy of a production database: no end customer in it, and it does nothing."""

    def _customer(self, **values):
        return self._wire(
            NomClient=NAME,
            PrenomClient=FIRSTNAME,
            ContactClient1=PHONE,
            ContactClient2=MAIL,
            CommentaireCmdAcces=WORDS,
            **{"Info Cmd Accès 1": WORDS},
            **values,
        )

    def _neutralize(self):
        self.env.flush_all()
        for query in get_neutralization_queries(ADDONS):
            self.env.cr.execute(query)
        self.env.invalidate_all()

    def _written_columns(self):
        """Return ``[(table, column)]`` of all texts of the database."""
        return self.env.execute_query(
            SQL(
                "SELECT c.table_name, c.column_name FROM information_schema.columns c "
                "JOIN information_schema.tables t USING (table_schema, table_name) "
                "WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE' "
                "AND c.data_type IN ('character varying', 'text', 'jsonb', 'json')"
            )
        )

    def _places_of(self, *secrets):
        """Return the ``table.column`` of the database that tell a customer."""
        self.env.flush_all()
        pattern = "|".join(secrets)
        return {
            f"{table}.{column}"
            for table, column in self._written_columns()
            if self.env.execute_query(
                SQL(
                    "SELECT 1 FROM %s WHERE %s::text ~* %s LIMIT 1",
                    SQL.identifier(table),
                    SQL.identifier(column),
                    pattern,
                )
            )
        }

    def _order(self):
        """An order that went its way, with what people wrote beside it."""
        self.exchange = self._take([self._customer()])
        order = self._orders_of(self.exchange)
        order._study()
        self.sent = self._drain()
        order.message_post(body=f"Appeler {NAME}", subject=NAME)
        self.exchange.activity_schedule(
            "mail.mail_activity_data_todo", summary=f"Rappeler {NAME}", note=WORDS
        )
        self.env["ir.attachment"].create(
            {
                "name": f"{NAME}.txt",
                "raw": b"plan",
                "res_model": order._name,
                "res_id": order.id,
            }
        )
        order.write({"reason_comment": WORDS, "proposed_comment": NAME})
        self._write_below(order)
        return order

    def _write_below(self, order):
        """Write texts of an order's story that no user may change afterwards."""
        for statement in (
            SQL("UPDATE oiconnect_workflow_step SET note = %s", NAME),
            SQL("UPDATE oiconnect_decision SET note = %s", NAME),
            SQL(
                "UPDATE oiconnect_decision SET controls = %s",
                fields.Json().convert_to_column([{"text": WORDS}], order),
            ),
            SQL(
                "INSERT INTO mail_tracking_value (mail_message_id, field_id, "
                "old_value_char, new_value_text) SELECT %s, id, %s, %s "
                "FROM ir_model_fields WHERE model = %s AND name = 'comment'",
                order.message_ids[0].id,
                *(NAME, WORDS, order._name),
            ),
        ):
            self.env.flush_all()
            self.env.cr.execute(statement)

    def _visit(self, order):
        team = self.env["oiconnect.appointment.team"].create(
            {"name": "Équipe 1", "network_id": self.network.id}
        )
        return self.env["oiconnect.appointment"].create(
            {
                "team_id": team.id,
                "commune_id": self.building.commune_id.id
                or self.env["oiconnect.commune"].search([], limit=1).id,
                "order_id": order.id,
                "network_id": self.network.id,
                "operator_id": self.operator.id,
                "start": "2026-03-20 08:00:00",
                "stop": "2026-03-20 10:00:00",
                "address": WORDS,
                "comment": f"{NAME} {PHONE}",
            }
        )

    def _refused_line(self):
        """A line with a wrong value, which its error tells."""
        refused = self._take([self._customer(TypeRacco=NAME)])
        refused.error_ids.message = f"TypeRacco ne peut pas être {NAME}."
        return refused

    def _job_that_failed(self):
        self._take([self._wire()], settle=False)
        job = self.env["queue.job"].search([], limit=1, order="id desc")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE queue_job SET exc_info = %s, exc_message = %s, result = %s "
            "WHERE id = %s",
            [NAME, NAME, NAME, job.id],
        )

    # ------------------------------------------------------------------
    # Customers
    # ------------------------------------------------------------------

    def test_no_customer_is_left_anywhere(self):
        order = self._order()
        self._visit(order)
        bad = self._refused_line()
        self._job_that_failed()
        self.exchange.message_post(body=f"Ligne de {NAME}")
        self.exchange.action_replay_in_sandbox()
        self.env["oiconnect.access.order.new"].create({"customer_name": NAME})
        self.env["oiconnect.customer.export"].create({"sought": PHONE})
        places = self._places_of(*SECRETS)
        for place in (
            "oiconnect_access_order.customer_name",
            "oiconnect_access_order.info",
            "oiconnect_event.payload",
            "oiconnect_exchange_error.value",
            "oiconnect_appointment.address",
            "mail_message.body",
            "queue_job.exc_info",
        ):
            self.assertIn(place, places)
        self._neutralize()
        self.assertFalse(self._places_of(*SECRETS))
        self.assertTrue(order.customer_erased_on)
        self.assertEqual(
            bad.error_ids.mapped("message"), ["TypeRacco ne peut pas être •••."]
        )

    def test_contents_of_files_received_and_sent_are_gone(self):
        order = self._order()
        bad = self._take(f"{NAME};{PHONE}".encode())
        files = self.exchange | self.sent | bad
        names = files.mapped("name")
        self._neutralize()
        self.assertFalse(any(files.mapped("content")))
        attachments = (
            self.env["ir.attachment"]
            .sudo()
            .search(
                [
                    ("res_model", "in", (files._name, order._name)),
                    ("res_field", "!=", 0),
                ]
            )
        )
        self.assertFalse(attachments)
        self.assertEqual(files.mapped("name"), names)
        self.assertEqual(self.exchange.line_count, 1)
        self.assertTrue(self.exchange.sha256)
        self.assertTrue(all(files.mapped("customer_erased_on")))

    def test_what_is_forgotten_in_time_is_emptied_in_copies(self):
        """The script names columns: those of the erasure are all among them."""
        order = self._order()
        visit = self._visit(order)
        self._neutralize()
        for name in CUSTOMER_FIELDS + FREE_FIELDS:
            self.assertFalse(order[name], name)
        for name in FORGOTTEN:
            self.assertFalse(visit[name], name)
        for table, column, *_keys in OF_ORDER:
            if table == "mail_message":
                continue
            with self.subTest(f"{table}.{column}"):
                table, column = SQL.identifier(table), SQL.identifier(column)
                [(left,)] = self.env.execute_query(
                    SQL("SELECT count(%s) FROM %s", column, table)
                )
                self.assertFalse(left)

    def test_an_order_keeps_what_is_not_of_its_customer(self):
        order = self._order()
        state, routes, events = order.state, order.route_ids, order.event_ids
        references = events.mapped(lambda event: event.payload["oc_reference"])
        self._neutralize()
        self.assertEqual((order.state, order.route_ids), (state, routes))
        self.assertEqual(
            events.mapped(lambda event: event.payload["oc_reference"]), references
        )
        self.assertTrue(order.oc_reference)

    def test_published_files_stay(self):
        file = self.env["ir.attachment"].create(
            {
                "name": "ipe.zip",
                "datas": base64.b64encode(b"PK"),
                "res_model": "oiconnect.publication",
            }
        )
        self._neutralize()
        self.assertTrue(file.exists())

    # ------------------------------------------------------------------
    # Work
    # ------------------------------------------------------------------

    def test_nothing_waits_to_be_done_or_sent(self):
        self._take([self._wire()])
        ready = self._drain()
        received = self._take([self._wire()], settle=False)
        jobs = self.env["queue.job"].search([("state", "=", "pending")])
        self.assertTrue(jobs)
        self._neutralize()
        self.assertEqual(set(jobs.mapped("state")), {"cancelled"})
        self.assertEqual(ready.mapped("state"), ["out_expired"])
        self.assertEqual(received.state, "in_refused")
        self.assertFalse(self.endpoint.active)
        self.assertEqual(self.endpoint.host, "neutralized.invalid")

    # ------------------------------------------------------------------
    # Identity
    # ------------------------------------------------------------------

    def test_a_copy_is_another_system(self):
        """A copy knows nothing that opens the real system."""
        names = ("database.secret", "database.uuid")
        domain = [("key", "in", names)]
        parameters = self.env["ir.config_parameter"].sudo().search(domain)
        before = set(parameters.mapped("value"))
        self.assertEqual(len(before), 2)
        password = "mot de passe du courrier"
        self.env["ir.mail_server"].create(
            {"name": "Courrier", "smtp_host": "smtp.invalid", "smtp_pass": password}
        )
        self.env["fetchmail.server"].create({"name": "Boîte", "password": password})
        keys = self.env["res.users.apikeys"].sudo()
        keys._generate(
            None, "Programme", fields.Datetime.add(fields.Datetime.now(), days=1)
        )
        self.assertTrue(self._places_of(password))
        self._neutralize()
        after = set(parameters.mapped("value"))
        self.assertEqual(len(after), 2)
        self.assertFalse(after & before)
        self.assertFalse(self._places_of(password))
        self.assertFalse(keys.search([]))

    def test_twice_is_as_once(self):
        self._order()
        self._neutralize()
        self._neutralize()
        self.assertFalse(self._places_of(*SECRETS))
