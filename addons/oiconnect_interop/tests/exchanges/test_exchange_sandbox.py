from odoo.exceptions import AccessError, UserError
from odoo.tests.common import new_test_user, tagged

from ...models.exchanges import exchange_process, exchange_sandbox
from ..common import ExchangeCase, make_file
from .test_exchange_flows import END

# All that a file could change; sequences aside.
TABLES = (
    "oiconnect_access_order",
    "oiconnect_event",
    "oiconnect_exchange",
    "oiconnect_exchange_line",
    "oiconnect_exchange_error",
    "oiconnect_route",
    "oiconnect_pto",
    "oiconnect_workflow_step",
    "oiconnect_change",
    "queue_job",
    "ir_cron_trigger",
    "mail_activity",
    "mail_message",
    "ir_attachment",
)


@tagged("post_install", "-at_install")
class TestSandbox(ExchangeCase):
    """A file is played again to see what would come of it; nothing does."""

    def _digests(self):
        """Return what every table holds, row by row."""
        # What waits for the end of the transaction, too
        self.env.cr.flush()
        digests = {}
        for table in TABLES:
            self.env.cr.execute(
                f"SELECT count(*), md5(string_agg(t::text, '|' ORDER BY id)) "  # noqa: S608
                f"FROM {table} t"
            )
            digests[table] = self.env.cr.fetchone()
        return digests

    def _replay(self, exchange):
        before = self._digests()
        action = exchange.action_replay_in_sandbox()
        self.assertEqual(self._digests(), before)
        return self.env[action["res_model"]].browse(action["res_id"])

    def _line_results(self, report):
        return [(line.line, line.state, line.code) for line in report.line_ids]

    # ------------------------------------------------------------------
    # Orders
    # ------------------------------------------------------------------

    def test_orders_are_received_and_studied_as_if_they_came_now(self):
        exchange = self._take([self._wire(), self._wire(ReferencePm=""), self._wire()])
        report = self._replay(exchange.with_context(lang="fr_FR"))
        accepted = dict(
            self.env["oiconnect.access.order"]
            .with_context(lang="fr_FR")
            ._fields["state"]
            ._description_selection(self.env(context={"lang": "fr_FR"}))
        )
        self.assertEqual(
            self._line_results(report),
            [
                (2, accepted["connecting"], False),
                (3, accepted["ar_ko"], "FIMP15"),
                (4, accepted["connecting"], False),
            ],
        )
        self.assertEqual(report.line_ids[1].errors, exchange.error_ids.message)
        self.assertEqual(report.line_ids[0].answers, "AR_CMD OK, CR_CMD OK, CMD_STOC")
        self.assertEqual(report.line_ids[1].answers, "AR_CMD KO FIMP15")
        flows = {answer.flow: answer for answer in report.answer_ids}
        self.assertEqual(set(flows), {"AR_CMD", "CR_CMD", "CMD_STOC"})
        self.assertEqual(flows["AR_CMD"].line_count, 3)
        self.assertIn("TIROIR 04", flows["CR_CMD"].content)

    def test_orders_made_before_keep_their_routes_and_references(self):
        exchange = self._take([self._wire(), self._wire()])
        orders = self._orders_of(exchange)
        orders._study()
        names, routes = orders.mapped("oc_reference"), orders.route_ids
        report = self._replay(exchange)
        self.assertFalse(any(report.line_ids.mapped("code")))
        self.assertEqual(orders.mapped("oc_reference"), names)
        self.assertEqual(orders.route_ids, routes)
        self.assertEqual(routes.mapped("state"), ["reserved", "reserved"])

    def test_what_is_full_now_would_be_rejected_now(self):
        exchange = self._take([self._wire()])
        self.routes.filtered(lambda r: r.pbo_id == self.pbo).write(
            {"state": "out_of_service"}
        )
        report = self._replay(exchange)
        self.assertIn("CR_CMD KO FINT01", report.line_ids.answers)
        self.assertFalse(report.line_ids.code, "it was received all the same")

    def test_a_refused_file_is_played_once_its_cause_is_fixed(self):
        name = self._name(oc="OCT9")
        exchange = self._take([self._wire()], name)
        self.assertEqual(exchange.state, "in_refused")
        report = self._replay(exchange)
        self.assertIn("OCT9", report.message)
        self.operator.interop_code = "OCT9"
        report = self._replay(exchange)
        self.assertFalse(report.message)
        self.assertEqual(report.line_ids.answers, "AR_CMD OK, CR_CMD OK, CMD_STOC")
        self.assertEqual(exchange.state, "in_refused")

    def test_a_replay_plays_the_content_of_the_first(self):
        name, lines = self._name(), [self._wire()]
        first = self._take(lines, name)
        again = self._take(first._content(), name)
        report = self._replay(again)
        self.assertEqual(report.done_count, 1)

    # ------------------------------------------------------------------
    # Other flows
    # ------------------------------------------------------------------

    def test_a_cancellation_meets_the_order_as_it_is(self):
        order = self._orders_of(self._take([self._wire()]))
        line = {
            "ReferenceCommandePriseInterneOC": order.oc_reference,
            "TypeOperation": "ANNUL",
            "DateAnnulation": "20260326 17:00",
        }
        exchange = self._take(make_file(END, [line]), self._name("ANNUL_ACCES"))
        self._drain()
        report = self._replay(exchange)
        self.assertEqual(report.line_ids.code, "FIMP16")
        self.assertEqual(report.line_ids.answers, "CR_ANNUL KO FIMP16")
        self.assertEqual(order.state, "cancelled")

    # ------------------------------------------------------------------
    # Bounds and rights
    # ------------------------------------------------------------------

    def test_only_the_beginning_of_a_long_file_is_played(self):
        self.patch(exchange_sandbox, "SANDBOX_LINES", 1)
        self.patch(exchange_process, "BATCH", 2)
        exchange = self._take([self._wire() for _n in range(3)])
        report = self._replay(exchange)
        self.assertEqual((report.line_count, report.done_count), (3, 2))

    def test_a_file_of_ours_or_none_cannot_be_played(self):
        self._take([self._wire()])
        with self.assertRaises(UserError):
            self._drain().action_replay_in_sandbox()

    def test_only_managers_of_orders_play_files(self):
        exchange = self._take([self._wire()])
        reader = new_test_user(
            self.env,
            "lecteur_bac",
            "oiconnect_base.group_access_user,oiconnect_base.group_exchange_manager",
        )
        with self.assertRaises(AccessError):
            exchange.with_user(reader).action_replay_in_sandbox()
        manager = new_test_user(
            self.env,
            "responsable_bac",
            "oiconnect_base.group_access_manager,oiconnect_base.group_exchange_read",
        )
        report = self._replay(exchange.with_user(manager))
        self.assertEqual(report.with_user(manager).done_count, 1)

    def test_the_report_says_nothing_of_the_end_customer(self):
        exchange = self._take([self._wire(NomClient="SECRET")])
        report = self._replay(exchange)
        texts = "".join(report.answer_ids.mapped("content"))
        texts += "".join(filter(None, report.line_ids.mapped("errors")))
        self.assertNotIn("SECRET", texts)
