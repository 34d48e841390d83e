import base64
from datetime import timedelta

from lxml import etree

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests.common import HttpCase, new_test_user, tagged
from odoo.tools.safe_eval import safe_eval

from .publication_common import MadeCase, PublicationCase


@tagged("post_install", "-at_install")
class TestPublicationList(MadeCase):
    """The list of files: what it says of each, and how it is searched."""

    def setUp(self):
        super().setUp()
        self._publish("full", "delta", "histo")
        self._run()

    def _filters(self):
        """Return ``{name: domain}`` of the filters that the screen offers."""
        arch = etree.fromstring(self.publications.get_view(view_type="search")["arch"])
        return {
            node.get("name"): node.get("domain")
            for node in arch.iter("filter")
            if node.get("domain")
        }

    def _matching(self, *names):
        """Return the files of the plan that the filters ``names`` leave."""
        domain = [("plan_id", "=", self.plan.id)]
        for name in names:
            domain += safe_eval(self._filters()[name])
        return self._kinds(self.publications.search(domain))

    # -- search -----------------------------------------------------------------------

    def test_each_version_has_its_filter_the_newest_first(self):
        names = [name for name in self._filters() if name.startswith("version_")]
        self.assertEqual(names[:2], ["version_V3.1", "version_V3.0"])
        self.assertEqual(
            self._matching("version_V3.0"),
            [("delta_ipe", "V3.0"), ("ipe", "V3.0"), ("histo_ipe", "V3.0")],
        )

    def test_a_new_version_has_its_filter_at_once(self):
        self.assertNotIn("version_V3.2", self._filters())
        self.env["oiconnect.flow.format"].search(
            [("flow_id.code", "=", "IPE"), ("version", "=", "V3.1")], limit=1
        ).copy({"version": "V3.2"})
        self.assertEqual(list(self._filters())[0], "version_V3.2")

    def test_kinds(self):
        self.assertEqual(len(self._matching("ipe")), 6)
        self.assertEqual(self._matching("cpn"), [])
        for name, kind in (("full", "ipe"), ("delta", "delta_ipe")):
            found = {kind for kind, _version in self._matching(name)}
            self.assertEqual(found, {kind})
        self.assertEqual(len(self._matching("histo", "version_V3.1")), 1)

    def test_states(self):
        self.assertEqual(len(self._matching("done")), 6)
        self._publish("full")
        self.assertEqual(len(self._matching("busy")), 2)
        self._found()[-1:].state = "failed"
        self.assertEqual(len(self._matching("problem")), 1)

    def test_what_is_not_delivered_to_all(self):
        exchanges = self.env["oiconnect.exchange"].search(
            [("publication_id", "in", self._found().ids)]
        )
        self.assertEqual(len(self._matching("undelivered")), 6)
        for exchange in exchanges.filtered(lambda item: item.version == "V3.0"):
            exchange._note_sent()
        self.assertEqual(
            {version for _kind, version in self._matching("undelivered")}, {"V3.1"}
        )

    # -- what is said -----------------------------------------------------------------

    def test_deliveries_in_words(self):
        full = self._found().filtered(lambda item: item.kind == "ipe")
        old, new = full.with_context(lang="fr_FR")
        self.assertEqual(
            (old.delivery_text, new.delivery_text), ("0 / 1 livrées", "0 / 2 livrées")
        )
        self.env["oiconnect.exchange"].browse(old.delivery_ids.id)._note_sent()
        self.env.invalidate_all()
        self.assertEqual(
            (old.delivery_text, old.undelivered_count), ("1 / 1 livrées", 0)
        )
        waiting = self._publish("full")[0]
        self.assertFalse(waiting.delivery_text, "nothing was sent yet")

    def test_states_of_deliveries(self):
        full = self._found().filtered(
            lambda item: (item.kind, item.version) == ("ipe", "V3.1")
        )
        first, second = self.env["oiconnect.exchange"].browse(full.delivery_ids.ids)
        first._note_send_failure("Le serveur ne répond pas.")
        second.write({"endpoint_id": False})
        self.env.flush_all()
        self.env.invalidate_all()
        states = {item.id: (item.state, item.message) for item in full.delivery_ids}
        self.assertEqual(states[first.id], ("failing", "Le serveur ne répond pas."))
        self.assertEqual(states[second.id][0], "unreachable")

    def test_sizes_in_words(self):
        made = self._found()[0].with_context(lang="fr_FR")
        for size, text in (
            (0, False),
            (512, "0,5 ko"),
            (132_000, "128,9 ko"),
            (12_582_912, "12,0 Mo"),
        ):
            made.size = size
            self.assertEqual(made.size_text, text)

    def test_name_of_what_has_no_file_yet(self):
        waiting = self._publish("delta")[0].with_context(lang="fr_FR")
        self.assertEqual(waiting.display_name, "Delta IPE V3.0")
        self.assertEqual(self._found()[0].display_name, self._found()[0].name)

    def test_next_moment_of_a_plan_is_that_of_its_first_schedule(self):
        dates = self.plan.schedule_ids.mapped("next_date")
        self.assertEqual(self.plan.next_date, min(dates))
        self.assertLessEqual(
            self.plan.next_date, fields.Datetime.now() + timedelta(days=1, hours=1)
        )

    # -- report -----------------------------------------------------------------------

    def _issue(self, **vals):
        return self.env["oiconnect.publication.issue"].create(
            {
                "publication_id": self._found()[0].id,
                "title": "Le nombre de logements ne correspond pas",
                "severity": "warning",
                "count": 4,
                **vals,
            }
        )

    def test_a_line_of_the_report_opens_the_records_that_break_the_rule(self):
        rule = self.env["oiconnect.rule"].search(
            [("network_id", "=", self.network.id), ("target", "=", "pm")], limit=1
        )
        issue = self._issue(rule_id=rule.id, code=rule.code)
        action = issue.with_user(self.person).action_view_records()
        self.assertEqual(action["res_model"], "oiconnect.pm")
        self.assertEqual(action["domain"], [("broken_rule_ids", "in", rule.ids)])

    def test_a_line_without_rule_says_why_it_opens_nothing(self):
        with self.assertRaisesRegex(UserError, "R99"):
            self._issue(code="R99").action_view_records()


@tagged("post_install", "-at_install")
class TestPublicationDownload(HttpCase, PublicationCase):
    """The file that the browser gets."""

    def test_a_reader_downloads_and_a_stranger_does_not(self):
        made = self._publish("full")[0]
        made.write(
            {"state": "done", "name": "IPE.zip", "file": base64.b64encode(b"PK here")}
        )
        for group, status in (("infra_read", 200), ("billing_manager", 404)):
            user = new_test_user(
                self.env, f"charge_{group}", f"oiconnect_base.group_{group}"
            )
            self.authenticate(user.login, user.login)
            answer = self.url_open(made.action_download()["url"])
            with self.subTest(group):
                self.assertEqual(answer.status_code, status)
                self.assertEqual(answer.content == b"PK here", status == 200)
