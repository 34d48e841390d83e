import time
from unittest.mock import patch

from odoo.tests import BaseCase

from ... import openid


class TestOpenId(BaseCase):
    """The browser's part of a log-in; for tokens, see tests/test_single_sign_on.py."""

    def test_a_log_in_ends_once_and_where_it_began(self):
        session, other = {}, {}
        state, begun = openid.begin(session, 7, "/odoo")
        openid.begin(other, 7, None)
        with self.assertRaises(openid.Refused):
            openid.take(other, state)
        for wrong in (None, "", "x", ["x"]):
            with self.assertRaises(openid.Refused):
                openid.take(session, wrong)
        self.assertEqual(openid.take(session, state), begun)
        with self.assertRaises(openid.Refused):
            openid.take(session, state)

    def test_it_is_forgotten_in_ten_minutes(self):
        session = {}
        state, _begun = openid.begin(session, 7, None)
        with (
            patch.object(openid.time, "time", return_value=time.time() + 601),
            self.assertRaises(openid.Refused),
        ):
            openid.take(session, state)

    def test_a_session_keeps_five_each_with_words_of_its_own(self):
        session = {}
        begun = [openid.begin(session, 7, None) for _rank in range(8)]
        for name in ("nonce", "verifier"):
            self.assertEqual(len({stored[name] for _state, stored in begun}), 8)
        for state, _stored in begun[:3]:
            with self.assertRaises(openid.Refused):
                openid.take(session, state)
        for state, stored in begun[3:]:
            self.assertEqual(openid.take(session, state), stored)

    def test_the_challenge_is_that_of_the_specification(self):
        # RFC 7636, appendix B
        verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
        self.assertEqual(
            openid.challenge(verifier), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
        )

    def test_only_paths_of_ours_are_gone_to(self):
        for path in ("/odoo", "/my/oiconnect?x=1", "/"):
            self.assertEqual(openid.local_path(path), path)
        for path in (
            *(None, "", "odoo", "//evil.fr", "/\\evil.fr", "https://evil.fr"),
            *("/a\r\nX: y", "javascript:alert(1)"),
        ):
            self.assertIsNone(openid.local_path(path), path)
