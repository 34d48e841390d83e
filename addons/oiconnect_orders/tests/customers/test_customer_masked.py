from odoo.tests.common import BaseCase, tagged

from ...personal import MASK, masked, masked_payload, pattern_of, phone_end


@tagged("post_install", "-at_install")
class TestMasked(BaseCase):
    """Text left once its customer is hidden."""

    def _masked(self, text, *values):
        return masked(text, pattern_of(values))

    def test_a_name_is_found_in_any_case_and_as_a_whole_word(self):
        self.assertEqual(
            self._masked("Mme Martin absente", "MARTIN"), f"Mme {MASK} absente"
        )
        self.assertEqual(self._masked("RUE MARTINET", "MARTIN"), "RUE MARTINET")

    def test_a_name_is_found_in_html(self):
        self.assertEqual(self._masked("<p>D&#x27;ARC</p>", "D'ARC"), f"<p>{MASK}</p>")
        self.assertEqual(self._masked("<p>D'ARC</p>", "D'ARC"), f"<p>{MASK}</p>")

    def test_a_number_is_found_whatever_its_separators(self):
        for text in (
            "0600000001",
            "06 00 00 00 01",
            "06.00.00.00.01",
            "06-00-00-00-01",
        ):
            self.assertEqual(
                self._masked(f"tél. {text}.", "0600000001"), f"tél. {MASK}."
            )

    def test_signs_of_expressions_are_only_signs(self):
        self.assertEqual(self._masked("a.b (c)", "a.b", "(c"), f"{MASK} {MASK})")
        self.assertEqual(self._masked("aXb", "a.b"), "aXb")

    def test_nothing_to_hide_leaves_the_text(self):
        self.assertIsNone(pattern_of(["", None, "X"]))
        self.assertEqual(self._masked("X absent", "X"), "X absent")
        self.assertIsNone(masked(None, pattern_of(["EXEMPLE"])))

    def test_a_message_keeps_its_references(self):
        payload = {
            "oc_reference": "OCA-1",
            "customer_name": "EXEMPLE",
            "comment": "Sonner chez EXEMPLE",
            "date": None,
            "routes": [{"module": "TIROIR 04"}],
        }
        pattern = pattern_of(["EXEMPLE"])
        unchanged = {"oc_reference": "OCA-1", "date": None, "routes": payload["routes"]}
        self.assertEqual(
            masked_payload(payload, pattern, None),
            unchanged | {"customer_name": None, "comment": f"Sonner chez {MASK}"},
        )
        self.assertEqual(
            masked_payload(payload, pattern, "Sonner chez EXEMPLE"),
            unchanged | {"customer_name": None, "comment": None},
        )

    def test_a_number_is_recognized_by_its_nine_last_digits(self):
        for text in ("0600000001", "+33 6 00 00 00 01", "06.00.00.00.01"):
            self.assertEqual(phone_end(text), "600000001")
        for text in ("", None, "0600", "OCA-0600000001", "camille@exemple.invalid"):
            self.assertEqual(phone_end(text), "")
