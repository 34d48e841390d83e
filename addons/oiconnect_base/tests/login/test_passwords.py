from unittest.mock import patch

from odoo.tests import BaseCase

from ... import passwords


class TestPasswords(BaseCase):
    def test_eleven_characters_are_too_few_whatever_length_is_required(self):
        self.assertEqual(passwords.fault("kX9#vQ2!mZ7"), passwords.SHORT)
        self.assertEqual(passwords.fault("kX9#vQ2!mZ7", (), 0), passwords.SHORT)
        self.assertIsNone(passwords.fault("kX9#vQ2!mZ7p"))
        self.assertEqual(passwords.fault("kX9#vQ2!mZ7p", (), 20), passwords.SHORT)

    def test_known_passwords_rows_of_keys_and_dates_are_guessed(self):
        for text in (
            "password1234",
            "motdepasse12",
            "azertyuiop12",
            "qwertyuiop[]",
            "aaaaaaaaaaaaaaaa",
            "abcabcabcabcabc",
            "123456789012",
            "P@ssw0rd1234",
            "oiconnect2026",
            "14/07/1789 ok",
        ):
            with self.subTest(text):
                self.assertEqual(passwords.fault(text), passwords.GUESSED)

    def test_words_that_others_know_of_the_person_are_guessed(self):
        words = ["Hortense Lamballe", "hlamballe@example.com", "Réseau Exemple"]
        self.assertIsNone(passwords.fault("lamballe-hortense"))
        self.assertEqual(passwords.fault("lamballe-hortense", words), passwords.GUESSED)

    def test_four_words_and_what_managers_make_are_taken(self):
        for text in (
            "cheval agrafe lucarne pile",
            "vB7-kqPz-99Lw-tRx",
            "é" * 4 + "ùKj#2ñ!ßx",
        ):
            self.assertIsNone(passwords.fault(text), text)

    def test_a_long_text_is_judged_by_its_beginning_in_bounded_time(self):
        with patch.object(passwords, "zxcvbn", wraps=passwords.zxcvbn) as judged:
            passwords.fault("4@8({[<369$5+7!1|0" * 5000, ["x" * 100_000] * 500)
        [text], options = judged.call_args
        self.assertLessEqual(len(text), 32)
        self.assertLess(len(options["user_inputs"]), 100)
        self.assertLessEqual(max(map(len, options["user_inputs"])), 100)

    def test_a_proxy_ends_the_switch_of_the_demo(self):
        with patch.dict("os.environ", {passwords.VARIABLE: "yes"}):
            self.assertTrue(passwords.may_be_weak(behind_proxy=False))
            self.assertFalse(passwords.may_be_weak(behind_proxy=True))
        with patch.dict("os.environ"):
            passwords.os.environ.pop(passwords.VARIABLE, None)
            self.assertFalse(passwords.may_be_weak(behind_proxy=False))
