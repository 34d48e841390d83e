from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.oiconnect_base.tests.browser import needs_browser

from ..clock_common import ClockCase

# A month of a million orders is too many for a browser: here, two are.
CODE = """
const {BoundedCalendarModel} = odoo.loader.modules.get(
    "@oiconnect_orders/bounded_calendar/bounded_calendar"
);
const until = async (message, test) => {
    for (let i = 0; i < 100 && !test(); i++) {
        await new Promise((done) => setTimeout(done, 100));
    }
    if (!test()) throw new Error(message);
};
const shown = () => new Set(
    [...document.querySelectorAll(".o_event")].map((node) => node.dataset.eventId)
).size;
const warned = () => document.querySelector(".o_notification");
(async () => {
    await until("two are shown", () => shown() === 2);
    if (warned()) throw new Error("nothing is left out yet");
    BoundedCalendarModel.LIMIT = 1;
    document.querySelector(".o_calendar_button_today").click();
    await until("one is shown", () => shown() === 1);
    await until("it says so", () => warned()?.textContent.includes("Seuls les 1 "));
    console.log("test successful");
})();
"""


@tagged("post_install", "-at_install")
class TestBoundedCalendar(ClockCase, HttpCase):
    """A calendar stays usable, and says when it leaves some out."""

    @needs_browser
    def test_the_calendar_shows_what_a_browser_can_draw(self):
        user = new_test_user(
            self.env,
            "calendar_of_due",
            "oiconnect_base.group_access_read",
            password="calendar_of_due",
            lang="fr_FR",
        )
        now = fields.Datetime.now()
        for rank in range(2):
            order = self._order(oc_reference=f"DUE-{rank}")
            order.due_date = now + timedelta(minutes=rank)
        self.browser_js(
            "/odoo/action-oiconnect_orders.access_order_due_action",
            CODE,
            ready="!!document.querySelector('.o_calendar_button_today')",
            login=user.login,
        )
