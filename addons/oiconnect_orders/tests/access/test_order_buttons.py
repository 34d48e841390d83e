from lxml import etree

from odoo.exceptions import AccessError, UserError
from odoo.tests.common import new_test_user, tagged
from odoo.tools.safe_eval import safe_eval

from odoo.addons.oiconnect_base.models.workflow.workflow import _WORKFLOW

from ...models.access.workflow import (
    ACCESS_ORDER_WORKFLOW,
)
from ...states import CLOSED_STATES, LIVE_STATES, STATES
from ...wizard.access.access_order_decision import (
    CONSEQUENCES,
    NEEDS_REASON,
)
from ..common import OrderCase

# Button of the form → event of the workflow; decisions name theirs.
EVENTS = {
    "action_study": "accept",
    "action_resume": "resume",
    # Shown where the study proposes a rejection
    "action_confirm_rejection": "confirm_rejection",
}
KINDS = (("stoc", False), ("stoc", True), ("oi", False), ("oc", False), ("oc", True))
END = {"cancel"}
# What the form offers in each state, for any connecting party; nothing elsewhere.
OFFERED = {
    "ar_ok": {"accept", "reject"} | END,
    "cr_ok": {"start", "abandon"} | END,
    "connecting": {"connected", "connection_failed"} | END,
    "connect_ko": {"resume", "connected", "abandon"} | END,
    "delivered": {"activate", "terminate"},
    "in_service": {"terminate"},
    "overwritten": {"restore"},
}


@tagged("post_install", "-at_install")
class TestOrderButtons(OrderCase):
    """The form offers what the workflow allows, to authorized users."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = new_test_user(
            cls.env, "boutons_util", "oiconnect_base.group_access_user"
        )
        cls.reader = new_test_user(
            cls.env, "boutons_lect", "oiconnect_base.group_access_read"
        )

    def _arch(self, user):
        orders = self.env["oiconnect.access.order"].with_user(user)
        return etree.fromstring(orders.get_view(view_type="form")["arch"])

    def _buttons(self, user):
        """Return ``[(event, invisible)]`` of the buttons of the header."""
        return [
            (
                EVENTS.get(button.get("name"))
                or safe_eval(button.get("context"))["decision"],
                button.get("invisible"),
            )
            for button in self._arch(user).findall(".//header/button")
            if button.get("name") in (*EVENTS, "action_decide")
        ]

    def _set(self, order, state, connection_type="stoc", existing_socket=False):
        order.write(
            {"connection_type": connection_type, "existing_socket": existing_socket}
        )
        order.with_context(workflow=_WORKFLOW).write({"state": state})

    def _shown(self, order, buttons):
        order.invalidate_recordset(["possible_events"])
        values = {
            "possible_events": order.possible_events,
            "proposed_reason_id": order.proposed_reason_id.id,
            "state": order.state,
            "visit_step": order.visit_step,
        }
        return {event for event, hide in buttons if not safe_eval(hide, values)}

    def test_each_state_offers_its_buttons_and_no_other(self):
        buttons = self._buttons(self.user)
        order = self._order()
        order.reason_id = self.env["oiconnect.reason"]._of("FINT04")
        for state, _label in STATES:
            for kind, existing in KINDS:
                with self.subTest(state=state, kind=kind, existing=existing):
                    self._set(order, state, kind, existing)
                    expected = OFFERED.get(state, set())
                    if state == "cr_ok" and (kind, existing) == ("oc", True):
                        expected = expected - {"start"} | {"deliver"}
                    self.assertEqual(self._shown(order, buttons), expected)

    def test_what_is_offered_works(self):
        order = self._order()
        order.reason_id = self.env["oiconnect.reason"]._of("FINT04")
        for state, events in OFFERED.items():
            for event in sorted(events - {"accept"}):
                with self.subTest(state=state, event=event):
                    savepoint = self.env.cr.savepoint()
                    self._set(order, state)
                    self.assertEqual(order._can_fire(event), order)
                    order.with_user(self.user)._act(event)
                    self.assertNotEqual(order.state, state)
                    savepoint.close(rollback=True)
                    self.env.invalidate_all()

    def test_the_dialog_tells_what_follows_of_each_decision(self):
        decisions = self.env["oiconnect.access.order.decision"]
        arch = etree.fromstring(decisions.get_view(view_type="form")["arch"])
        alerts = [
            alert.get("invisible")
            for alert in arch.xpath("//div[contains(@class, 'alert')]")
        ]
        for event in NEEDS_REASON + CONSEQUENCES:
            values = {"event": event, "takeover_text": False}
            shown = [hide for hide in alerts if not safe_eval(hide, values)]
            self.assertEqual(len(shown), 1, event)
            self.assertIn(event, ACCESS_ORDER_WORKFLOW.irreversible)

    def test_only_an_existing_line_is_made_available_without_work(self):
        order = self._order(connection_type="OC")
        for kind, existing in KINDS:
            with self.subTest(kind=kind, existing=existing):
                self._set(order, "cr_ok", kind, existing)
                savepoint = self.env.cr.savepoint()
                if (kind, existing) == ("oc", True):
                    order._fire("deliver")
                    self.assertEqual(order.state, "delivered")
                else:
                    with self.assertRaises(UserError):
                        order._fire("deliver")
                savepoint.close(rollback=True)
                self.env.invalidate_all()

    def test_only_a_sub_contractor_is_sent_an_order(self):
        order = self._order(connection_type="OC")
        self.assertEqual(order.state, "connecting")
        self.assertFalse(order.subcontract_reference)
        self.assertFalse(self._payloads(order, "CMD_STOC"))

    def test_a_line_whose_production_goes_on_is_in_progress(self):
        order = self._order()
        for state, _label in STATES:
            with self.subTest(state):
                savepoint = self.env.cr.savepoint()
                order.reason_id = self.env["oiconnect.reason"]._of("FINT04")
                self._set(order, state)
                offered = OFFERED.get(state, set())
                # In service, only the end is left to do: nothing is awaited.
                waits = bool(offered - {"terminate", "restore"}) or state == "received"
                self.assertEqual(order.is_open, waits)
                self.assertEqual(state in CLOSED_STATES, not waits)
                holds = bool(offered) and state not in ("ar_ok", "overwritten")
                self.assertEqual(state in LIVE_STATES, holds)
                savepoint.close(rollback=True)
                self.env.invalidate_all()

    def test_a_reader_has_neither_button_nor_the_customers_name(self):
        self.assertFalse(self._buttons(self.reader))
        for user, count in ((self.user, 1), (self.reader, 0)):
            arch = self._arch(user)
            self.assertEqual(len(arch.xpath("//page[@name='customer']")), count)
            self.assertEqual(len(arch.xpath("//field[@name='customer_name']")), count)
            # An order comes from its operator: no user writes it here.
            self.assertEqual([arch.get(k) for k in ("create", "delete")], ["0", "0"])

    def test_a_reader_decides_and_studies_nothing(self):
        order = self._receive(self._line())
        reader = order.with_user(self.reader)
        dialog = self.env["oiconnect.access.order.decision"].create(
            {"order_ids": order.ids, "event": "cancel"}
        )
        for act in (
            reader.action_study,
            reader.with_context(decision="cancel").action_decide,
            dialog.with_user(self.reader).action_confirm,
        ):
            with self.assertRaises(AccessError):
                act()
        self.assertEqual(order.state, "ar_ok")
        order.with_user(self.user).action_study()
        self.assertEqual(order.state, "connecting")

    def test_an_order_of_another_company_is_not_decided_upon(self):
        order = self._order()
        dialog = self.env["oiconnect.access.order.decision"].with_user(self.user)
        dialog = dialog.create({"order_ids": order.ids, "event": "cancel"})
        self.network.company_id = self.env["res.company"].create({"name": "Autre OI"})
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            dialog.action_confirm()
        self.assertEqual(order.state, "connecting")

    def test_the_dialog_speaks_french_and_takes_its_own_decisions_only(self):
        order = self._receive(self._line())
        french = order.with_user(self.user).with_context(lang="fr_FR")
        action = french.with_context(decision="reject").action_decide()
        self.assertEqual(action["name"], "Rejet")
        dialogs = self.env["oiconnect.access.order.decision"].with_user(self.user)
        dialogs = dialogs.with_context(lang="fr_FR")
        values = {"order_ids": order.ids}
        for event, message in (
            ("accept", "ne se prend pas dans cette fenêtre"),
            ("reject", "Choisissez le motif"),
            ("terminate", "Résiliation.*n'est pas possible.*Accusée"),
        ):
            with self.subTest(event), self.assertRaisesRegex(UserError, message):
                dialogs.create(values | {"event": event}).action_confirm()
        self.assertEqual(order.state, "ar_ok")
        dialog = dialogs.create(values | {"event": "cancel", "comment": "Par fax"})
        self.assertFalse(dialog.needs_reason)
        dialog.action_confirm()
        self.assertEqual(self._last_step(order).note, "Par fax")
        self.assertEqual(self._payload(order, "CR_ANNUL")["comment"], "Par fax")
        self.assertFalse(order.reason_comment, "no reason is sent with a cancellation")

    def test_the_reasons_are_for_the_administrator_to_change(self):
        reason = self.env["oiconnect.reason"]._of("FIMP15")
        french = reason.with_user(self.reader).with_context(lang="fr_FR")
        self.assertEqual(french.display_name, "FIMP15 Champs obligatoires manquants")
        menu = self.env.ref("oiconnect_orders.menu_reason").id
        menus = self.env["ir.ui.menu"]
        for user in (self.reader, self.user):
            with self.assertRaises(AccessError):
                reason.with_user(user).write({"is_final": True})
            self.assertNotIn(menu, menus.with_user(user)._visible_menu_ids())
        manager = new_test_user(
            self.env, "boutons_adm", "oiconnect_base.group_access_manager"
        )
        self.assertIn(menu, menus.with_user(manager)._visible_menu_ids())
        reason.with_user(manager).code = "FIMP98"
        self.assertFalse(reason._of("FIMP15"), "the cache follows a change of code")
        self.assertEqual(reason._of("FIMP98"), reason)
