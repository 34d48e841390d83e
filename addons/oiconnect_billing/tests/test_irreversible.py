import inspect
import re

from lxml import etree

from odoo.tests.common import TransactionCase, tagged

# Names of actions that open, show or download something, and change nothing
READS = (
    "action_view_",
    "action_open",
    "action_show_",
    "action_export",
    "action_download",
    "action_trace",
    "action_oiconnect_",
)
# Actions that open the dialog which tells what follows
ASKS = {
    ("oiconnect.access.order", "action_book_appointment"),
    ("oiconnect.access.order", "action_change_route"),
    ("oiconnect.access.order", "action_decide"),
    ("oiconnect.access.order", "action_move_visit"),
    ("oiconnect.access.order", "action_override"),
    ("oiconnect.appointment", "action_book"),
    ("oiconnect.appointment", "action_move"),
    ("oiconnect.appointment", "action_propose"),
    ("oiconnect.building", "action_change_key"),
    ("oiconnect.flow.format", "action_new_format"),
    ("oiconnect.import", "action_run_again"),
    ("oiconnect.pb.order", "action_decide"),
    ("oiconnect.link.order", "action_decide"),
    ("oiconnect.incident", "action_add_task"),
    ("oiconnect.incident", "action_decide"),
    ("oiconnect.incident", "action_write_message"),
    ("oiconnect.pbo", "action_change_key"),
    ("oiconnect.pm", "action_change_key"),
    ("oiconnect.pm.order", "action_decide"),
    ("oiconnect.pm.service", "action_change"),
    ("oiconnect.pto", "action_change_key"),
    ("oiconnect.publication", "action_publish_now"),
    ("oiconnect.publication", "action_send"),
    ("oiconnect.publication.plan", "action_publish"),
    ("oiconnect.ticket", "action_add_task"),
    ("oiconnect.ticket", "action_decide"),
    ("oiconnect.ticket", "action_report"),
    ("oiconnect.ticket", "action_write_message"),
    ("oiconnect.ticket.task", "action_book"),
    # Both stand in the dialog of the report, which says what they do.
    ("oiconnect.ticket.task", "action_do"),
    ("oiconnect.ticket.task", "action_do_and_resolve"),
    ("oiconnect.ticket.task", "action_report"),
    ("oiconnect.works", "action_replace"),
    ("account.move", "action_validate_moves_with_confirmation"),
}
# Actions that act at once, and why they may: what takes them back, or that they change
# nothing which would not change by itself
FREE = {
    ("auth.oauth.provider", "action_read_settings"): "they are typed again",
    ("oiconnect.access.order", "action_study"): "the study comes by itself soon",
    ("oiconnect.access.order", "action_resume"): "the connection may fail again",
    ("oiconnect.access.order", "action_confirm_visit"): "the visit is moved",
    ("oiconnect.access.order", "action_take_todo"): "it is released",
    ("oiconnect.pm.order", "action_take_todo"): "it is released",
    ("oiconnect.appointment", "action_confirm"): "the visit is moved",
    ("oiconnect.billing.run", "action_preview"): "changes nothing",
    ("oiconnect.billing.run", "action_stop_preview"): "it is started again",
    ("oiconnect.billing.dispute", "action_make_refunds"): "they are drafts",
    ("oiconnect.billing.dispute.line", "action_reopen"): "it is answered again",
    ("oiconnect.pbo.cable", "action_straight_line"): "the line is taken off again",
    ("oiconnect.scheduled.report", "action_send_now"): "it comes by itself at its hour",
    ("oiconnect.appointment", "action_miss"): "the visit is moved",
    ("oiconnect.appointment", "action_hold"): "the visit is called off by hand",
    ("oiconnect.pb.order", "action_take_todo"): "it is released",
    ("oiconnect.link.order", "action_take_todo"): "it is released",
    ("oiconnect.pm", "action_plan"): "changes nothing",
    ("oiconnect.ticket", "action_leave_incident"): "it is joined again",
    ("oiconnect.ticket", "action_make_incident"): "its tickets leave it, it is closed",
    (
        "oiconnect.ticket",
        "action_make_wider_incident",
    ): "its tickets leave it, it is closed",
    ("oiconnect.ticket", "action_take_todo"): "it is released",
    ("oiconnect.todo", "action_take"): "it is released",
    ("oiconnect.todo", "action_release"): "it is taken",
    ("oiconnect.todo", "action_retry"): "it is tried again, and fails again",
    ("oiconnect.billing.run", "action_compute"): "its invoices are drafts",
    ("oiconnect.endpoint", "action_poll"): "the account is looked at by itself soon",
    ("oiconnect.endpoint", "action_test"): "changes nothing",
    ("oiconnect.import.source", "action_poll"): "the account is looked at soon",
    ("oiconnect.import.source", "action_test"): "changes nothing",
    ("oiconnect.exchange", "action_try_now"): "it is tried by itself soon",
    ("oiconnect.exchange", "action_replay_in_sandbox"): "all is undone",
    ("oiconnect.import", "action_check"): "changes nothing",
    ("oiconnect.gracethd.difference", "action_compare"): "changes nothing",
    ("oiconnect.rule", "action_run"): "changes nothing",
    ("oiconnect.api.address", "action_unlock"): "it unlocks by itself soon",
    ("oiconnect.api.key", "action_unlock"): "it unlocks by itself soon",
    ("oiconnect.api.key.new", "action_create"): "it is revoked",
    ("oiconnect.conformance.run", "action_check"): "it only looks",
    ("oiconnect.soap.account", "action_test_connection"): "tells only what is due",
    ("oiconnect.soap.account", "action_unlock"): "it unlocks by itself soon",
    ("oiconnect.soap.address", "action_unlock"): "it unlocks by itself soon",
    ("oiconnect.webhook", "action_new_secret"): "the former one stays valid",
    ("oiconnect.webhook", "action_resume"): "what waits is due",
    ("oiconnect.webhook", "action_test"): "tells nothing",
    ("ir.ui.view", "action_reactivate"): "it is deactivated on its form",
}
# The action of all events that a button may name in its context
FIRES = "action_fire"


@tagged("post_install", "-at_install")
class TestIrreversible(TransactionCase):
    """Irreversible actions ask for confirmation, on every screen."""

    # ------------------------------------------------------------------
    # What screens offer
    # ------------------------------------------------------------------

    def _views(self):
        """Return our views: ``[(name, model, arch)]``, as people get them."""
        data = self.env["ir.model.data"].search(
            [("model", "=", "ir.ui.view"), ("module", "=like", "oiconnect\\_%")]
        )
        views = self.env["ir.ui.view"].browse(data.mapped("res_id"))
        for view in views.filtered("model"):
            # An inherited view of ours is looked at in the one that it changes.
            whole = view.mode == "primary"
            arch = view._get_combined_arch() if whole else etree.fromstring(view.arch)
            if whole or not view.inherit_id.xml_id.startswith("oiconnect_"):
                yield view.xml_id, view.model, arch

    def _buttons(self, model, node):
        """Yield ``(model, button)`` of the view, those of lists inside it too."""
        for child in node.iterchildren(etree.Element):
            if child.tag in ("button", "a") and not child.get("position"):
                yield model, child
            field = self.env[model]._fields.get(child.get("name"))
            inside = child.tag == "field" and len(child) and not child.get("position")
            inner = field.comodel_name if field and inside else None
            yield from self._buttons(inner or model, child)

    def _server_actions(self):
        """Return ``[(name, model, method)]`` that the menu of a list offers."""
        data = self.env["ir.model.data"].search(
            [
                ("model", "=", "ir.actions.server"),
                ("module", "=like", "oiconnect\\_%"),
            ]
        )
        actions = self.env["ir.actions.server"].browse(data.mapped("res_id"))
        for action in actions.filtered("binding_model_id"):
            for method in re.findall(r"\b(action_\w+|button_\w+)\(", action.code):
                yield action.xml_id, action.model_id.model, method

    # ------------------------------------------------------------------
    # What acts at once
    # ------------------------------------------------------------------

    def _events(self, model, method, context):
        """Return the events of a button: those that its method or its context names.

        A method names them as ``_act("…")`` or ``_fire("…")``.
        """
        if method == FIRES:
            return set(re.findall(r"'event': '(\w+)'", context))
        sources = [
            inspect.getsource(vars(kind)[method])
            for kind in type(self.env[model]).mro()
            if method in vars(kind)
        ]
        return set(re.findall(r'_(?:act|fire)\(\s*"(\w+)"', "".join(sources)))

    def _acts_at_once(self, model, method, context=""):
        """Tell whether the method does what nothing takes back, without a question."""
        if self.env[model]._transient or (model, method) in ASKS:
            # A dialog is the question.
            return False
        workflow = getattr(self.env[model], "_workflow", None)
        events = workflow and self._events(model, method, context)
        if events and workflow.irreversible & events:
            return True
        if method == FIRES:
            # An event has a way back, or is declared irreversible.
            return not events
        return not method.startswith(READS) and (model, method) not in FREE

    def _unconfirmed(self, views, server_actions):
        """Return where something that is not taken back happens at one click."""
        for name, model, arch in views:
            for owner, button in self._buttons(model, arch):
                method = button.get("name")
                asks = button.get("confirm") or button.get("special")
                if button.get("type") == "object" and not asks:
                    if self._acts_at_once(owner, method, button.get("context", "")):
                        yield f"{name}: {method} of {owner}"
        for name, model, method in server_actions:
            if self._acts_at_once(model, method):
                yield f"{name}: {method} of {model}"

    def test_what_cannot_be_undone_asks_first(self):
        self.assertEqual(
            list(self._unconfirmed(self._views(), self._server_actions())), []
        )

    def test_a_button_that_forgot_to_ask_is_found(self):
        """An event without way back, an action that is not declared, a menu."""
        arch = etree.fromstring(
            '<form><header><button name="action_visit" type="object"/>'
            '<button name="action_cancel" type="object" confirm="Sure?"/>'
            '<button name="action_give_away" type="object"/></header></form>'
        )
        task = etree.fromstring(
            """<form>
            <button name="action_fire" type="object" context="{'event': 'do'}"/>
            <button name="action_fire" type="object" context="{'event': 'unplan'}"/>
            </form>"""
        )
        appointment, run = "oiconnect.appointment", "oiconnect.billing.run"
        self.assertEqual(
            list(
                self._unconfirmed(
                    [
                        ("new.view", appointment, arch),
                        ("new.task", "oiconnect.ticket.task", task),
                    ],
                    [("new.action", run, "action_cancel")],
                )
            ),
            [
                f"new.view: action_visit of {appointment}",
                f"new.view: action_give_away of {appointment}",
                "new.task: action_fire of oiconnect.ticket.task",
                f"new.action: action_cancel of {run}",
            ],
        )

    def test_a_decision_that_cannot_be_undone_asks_for_confirmation(self):
        orders = self.env["oiconnect.access.order"]
        decisions = {
            re.search(r"'decision': '(\w+)'", button.get("context"))[1]
            for _name, model, arch in self._views()
            for owner, button in self._buttons(model, arch)
            if (owner, button.get("name")) == (orders._name, "action_decide")
        }
        self.assertIn("connected", decisions)
        self.assertLessEqual(decisions, orders._workflow.irreversible)

    def test_what_is_declared_is_on_a_screen(self):
        """No line of the tables above outlives its button."""
        shown = {
            (owner, button.get("name"))
            for _name, model, arch in self._views()
            for owner, button in self._buttons(model, arch)
        }
        self.assertEqual({*ASKS, *FREE} - shown, set())

    # ------------------------------------------------------------------
    # Few buttons
    # ------------------------------------------------------------------

    def test_a_form_shows_three_buttons_and_a_menu_has_the_others(self):
        crowded = [
            name
            for name, _model, arch in self._views()
            if arch.tag == "form" and len(arch.findall("./header/button")) > 3
            if arch.get("js_class") != "oiconnect_form"
        ]
        self.assertEqual(crowded, [])
