import json
import time

from lxml import html

from odoo.tests.common import tagged

from ...webhook import new_secret, signed_headers
from .rest_common import RestCase


@tagged("post_install", "-at_install")
class TestRestGuides(RestCase):
    """Guides beside the reference: served to anybody, and true."""

    def _page(self):
        answer = self._call("GET", "/docs/guides", "")
        self.assertEqual(answer.status_code, 200)
        return html.fromstring(answer.text)

    def test_all_guides_are_on_one_page_that_has_the_reference_beside(self):
        page = self._page()
        titles = [one.findtext("h1") for one in page.iter("article")]
        self.assertEqual(
            titles,
            [
                "Premier appel",
                "Suivre ses commandes",
                "Recevoir les webhooks",
                "Erreurs",
                "Équivalences TMF",
            ],
        )
        links = [link.text for link in page.xpath("//nav/a")]
        self.assertEqual(links, [*titles, "Référence"])
        for link in page.xpath("//nav/a/@href"):
            path = link.partition("#")[0].removeprefix("/oiconnect/api/v1")
            self.assertEqual(self._call("GET", path, "").status_code, 200, link)

    def test_links_within_the_guides_lead_somewhere(self):
        page = self._page()
        ids = page.xpath("//@id")
        self.assertEqual(len(ids), len(set(ids)))
        for link in page.xpath("//a/@href"):
            name = link.partition("#")[2]
            self.assertTrue(not name or name in ids, link)

    def test_the_page_loads_nothing_from_elsewhere(self):
        page = self._page()
        loaded = page.xpath("//script/@src | //link/@href | //img/@src")
        self.assertGreater(len(loaded), 2)
        for address in loaded:
            self.assertTrue(address.startswith("/oiconnect"), address)
            self.assertEqual(self.url_open(address).status_code, 200, address)

    def test_what_the_guides_name_is_there(self):
        """Addresses and kinds of problems that a guide tells."""
        document = self._call("GET", "/openapi.json", "").json()
        words = " ".join(code.text_content() for code in self._page().iter("code"))
        named = {word.split("?")[0] for word in words.split() if word.startswith("/")}
        paths = {path.split("/")[1] for path in document["paths"]}
        for address in named - {"/oiconnect/api/v1"}:
            first = address.strip("/,.").split("/")[0]
            self.assertIn(first, paths | {"actions"}, address)

    def test_the_signature_is_checked_by_the_program_of_the_guide(self):
        [source] = self._page().xpath("//code[@id='signature.py']")
        program = {}
        exec(source.text_content(), program)  # noqa: S102
        is_ours = program["is_ours"]
        body = json.dumps({"id": "1"}).encode()
        secret, former, now = new_secret(), new_secret(), int(time.time())
        headers = signed_headers([("1-2", secret), ("1-1", former)], now, body)
        for known in (secret, former):
            self.assertTrue(is_ours(headers, body, known))
        self.assertFalse(is_ours(headers, body, new_secret()))
        self.assertFalse(is_ours(headers, body + b" ", secret))
        old = signed_headers([("1-2", secret)], now - 600, body)
        self.assertFalse(is_ours(old, body, secret))
