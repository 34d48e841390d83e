from lxml import etree

from odoo.tests import new_test_user, tagged

from ...states import STATES
from ..common import OrderCase

# The filters of the users' guide: reference, operator, state, network, connection
# type, PTO and date of service
FILTERS = (
    "oc_reference",
    "operator_id",
    "state",
    "network_id",
    "connection_type",
    "pto_id",
    "in_service_date",
)
ENUMERATED = (
    "operator_id",
    "state",
    "network_id",
    "connection_type",
    "requested_type",
    "existing_socket",
    "reason_id",
    "pm_id",
    "in_service_date:month",
)


@tagged("post_install", "-at_install")
class TestBoard(OrderCase):
    """Lists, board, calendar and figures of the orders."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = new_test_user(
            cls.env, "tableau_util", "oiconnect_base.group_access_user"
        )
        cls.reader = new_test_user(
            cls.env, "tableau_lect", "oiconnect_base.group_access_read"
        )

    def _arch(self, kind, user=None):
        orders = self.env["oiconnect.access.order"].with_user(user or self.user)
        return etree.fromstring(orders.get_view(view_type=kind)["arch"])

    def test_the_board_has_every_state_in_order_and_opens_those_with_orders(self):
        order = self._order()
        orders = order.with_user(self.reader).with_context(read_group_expand=True)
        groups = orders.web_read_group(
            [("operator_id", "=", self.operator.id)],
            ["state"],
            ["__count"],
            auto_unfold=True,
            unfold_read_specification={"oc_reference": {}},
        )["groups"]
        self.assertEqual(
            [group["state"] for group in groups], [state for state, _label in STATES]
        )
        opened = {group["state"] for group in groups if "__records" in group}
        self.assertEqual(opened, {"connecting"})
        [connecting] = [g for g in groups if g["state"] == "connecting"]
        self.assertEqual(connecting["__records"][0]["id"], order.id)

    def test_a_card_is_not_moved_by_the_mouse(self):
        board = self._arch("kanban")
        self.assertEqual(board.get("default_group_by"), "state")
        for drag in ("records_draggable", "groups_draggable", "group_create"):
            self.assertIn(board.get(drag), ("0", "False", "false"))

    def test_every_filter_of_the_guide_is_there(self):
        search = self._arch("search")
        typed = {field.get("name") for field in search.iter("field")}
        self.assertLessEqual(set(FILTERS), typed)
        grouped = {f.get("context") or "" for f in search.iter("filter")}
        for name in ENUMERATED:
            self.assertIn(f"{{'group_by': '{name}'}}", grouped)

    def test_filters_work_alone_and_together(self):
        orders = self.env["oiconnect.access.order"].with_user(self.reader)
        found = self._delivered()
        found._fire("activate")
        self._order()
        alone = {
            "oc_reference": ("ilike", found.oc_reference),
            "operator_id": ("=", self.operator.id),
            "state": ("=", "in_service"),
            "network_id": ("=", self.network.id),
            "connection_type": ("=", "stoc"),
            "pto_id": ("ilike", found.pto_id.reference),
            "in_service_date": (">=", found.in_service_date),
        }
        domain = [(name, *test) for name, test in alone.items()]
        for leaf in domain:
            with self.subTest(leaf[0]):
                self.assertIn(found, orders.search([leaf]))
        self.assertEqual(orders.search(domain), found)

    def test_the_three_modes(self):
        found = {
            filter_.get("name"): filter_.get("domain")
            for filter_ in self._arch("search").iter("filter")
        }
        self.assertEqual(found["open"], "[('is_open', '=', True)]")
        self.assertEqual(found["closed"], "[('is_open', '=', False)]")
        self.assertEqual(found["all"], "[]")
        action = self.env.ref("oiconnect_orders.access_order_action")
        self.assertIn("search_default_open", action.context)

    def test_each_way_to_look_at_orders_opens(self):
        for kind in ("list", "kanban", "form", "calendar", "pivot", "graph", "search"):
            with self.subTest(kind):
                self._arch(kind, self.reader)

    def test_only_who_may_order_has_the_button(self):
        for kind in ("list", "kanban"):
            with self.subTest(kind):
                self.assertTrue(self._arch(kind).xpath("//header/button"))
                self.assertFalse(self._arch(kind, self.reader).xpath("//header/button"))
