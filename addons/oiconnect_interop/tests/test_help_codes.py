from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.oiconnect_base.tests.browser import needs_browser
from odoo.addons.oiconnect_base.tests.help_case import HelpCase

END = ".then(() => console.log('test successful'), (e) => console.error(e.message))"
POINT = """
    const point = (element) => element.dispatchEvent(new MouseEvent("mouseenter"));
    const until = async (condition) => {
        const start = Date.now();
        while (!condition()) {
            if (Date.now() - start > 20000) {
                throw new Error(`never came: ${condition}`);
            }
            await new Promise(requestAnimationFrame);
        }
        return condition();
    };
    const code = await until(() => [...document.querySelectorAll("td[name=code]")]
        .find((cell) => cell.textContent === "FIMP03"));
    await until(() => point(code) && code.dataset.tooltip.startsWith("FIMP03 – "));
    const tooltip = await until(() => document.querySelector(".o-tooltip"));
    if (!tooltip.textContent.includes("%(meaning)s")) {
        throw new Error(`tooltip: ${tooltip.textContent}`);
    }
    const help = document.querySelector(".o_control_panel .o_oic_help");
    if (help.dataset.tooltip !== "Aide" || help.target !== "_blank") {
        throw new Error(help.outerHTML);
    }
    const answer = await fetch(help.href);
    if (!answer.url.includes("/oiconnect/aide/motifs")) {
        throw new Error(answer.url);
    }
"""


@tagged("post_install", "-at_install")
class TestHelpCodes(HelpCase, HttpCase):
    """Meanings of codes, and the help of a screen, as people get them."""

    @needs_browser
    def test_a_code_tells_what_it_means_and_the_question_mark_opens_the_help(self):
        user = new_test_user(
            self.env,
            "aide_codes",
            "oiconnect_base.group_access_manager",
            password="aide_codes",
            lang="fr_FR",
        )
        reason = self.env.ref("oiconnect_orders.reason_fimp03")
        meaning = reason.with_context(lang="fr_FR").name
        action = self.env.ref("oiconnect_orders.reason_action")
        menu = self.env.ref("oiconnect_orders.menu_reason")
        self.browser_js(
            f"/odoo/action-{action.id}?menu_id={menu.id}",
            f"(async () => {{ {POINT % {'meaning': meaning}} }})(){END}",
            ready="odoo.isReady",
            login=user.login,
            timeout=60,
        )

    def test_reasons_flows_rules_closures_and_who_connects_are_explained(self):
        in_french = self.help.with_context(lang="fr_FR")
        meanings = in_french._code_meanings()
        reason = in_french.env.ref("oiconnect_orders.reason_fadr03")
        self.assertIn(reason.name, meanings["FADR03"])
        self.assertIn("De nous vers l'opérateur", meanings["AR_CMD"])
        self.assertIn("sous-traitant", meanings["STOC"])
        self.assertTrue(meanings["R10"])
        self.assertIn("DERANGEMENT COLLECTIF", meanings["RET03"])

    def test_codes_are_read_in_as_many_queries_however_many_there_are(self):
        self.help._code_meanings()
        self.env.invalidate_all()
        with self.assertQueryCount(3):
            self.help._code_meanings()
