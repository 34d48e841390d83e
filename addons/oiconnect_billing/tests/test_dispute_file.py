import unittest
from datetime import date
from decimal import Decimal

from ..dispute_file import MAX_BYTES, read

HEADERS = {
    "line": ["Numéro de ligne"],
    "oc_reference": ["Votre référence"],
    "service_reference": ["Référence de prestation"],
    "product": ["Produit"],
    "month": ["Mois"],
    "contested": ["Montant contesté"],
    "reason": ["Motif"],
}
HEAD = "Numéro de ligne;Montant contesté;Motif"
BY_NAME = "Votre référence;Mois;Montant contesté;Motif"


class TestDisputeFile(unittest.TestCase):
    """The csv of an operator, read without a database."""

    def read(self, *lines, encoding="utf-8", end="\r\n"):
        return read(end.join(lines).encode(encoding), HEADERS)

    def found(self, *lines, **options):
        found, problems = self.read(*lines, **options)
        self.assertEqual(problems, [])
        return found

    def codes(self, *lines):
        _found, problems = self.read(*lines)
        return [(one.line, one.column, one.value, one.code) for one in problems]

    def test_any_usual_encoding_is_read(self):
        for encoding in ("utf-8", "utf-8-sig", "cp1252"):
            for end in ("\r\n", "\n"):
                [one] = self.found(
                    HEAD, "L12;31,00;Résilié", encoding=encoding, end=end
                )
                self.assertEqual(one.reason, "Résilié")
                self.assertEqual((one.line, one.kind, one.number), (2, "L", 12))

    def test_amounts_are_read_as_people_write_them(self):
        for text, amount in (
            ("31", "31"),
            ("31,5", "31.5"),
            ("31.50", "31.50"),
            ("1 234,56 €", "1234.56"),
            ("1\u202f234,56", "1234.56"),
            ("1.234,56", "1234.56"),
        ):
            [one] = self.found(HEAD, f"L1;{text};Motif")
            self.assertEqual(one.amount, Decimal(amount), text)
        for text in ("", "-3", "0", "0,00", "x", "1,234", "1e3", "NaN", "9" * 13):
            problems = self.codes(HEAD, f"L1;{text};Motif")
            self.assertEqual(problems, [(2, "Montant contesté", text, "amount")])

    def test_months_are_read_as_people_write_them(self):
        for text in ("01/02/2025", "02/2025", "2/2025", "2025-02", "2025-02-01"):
            [one] = self.found(BY_NAME, f"AA-1;{text};3;Motif")
            self.assertEqual(one.month, date(2025, 2, 1), text)
        for text in ("", "13/2025", "2025", "2025-00", "0000-01"):
            problems = self.codes(BY_NAME, f"AA-1;{text};3;Motif")
            self.assertEqual(problems, [(2, "Mois", text, "month")])

    def test_the_annex_as_it_is_contests_what_is_filled_in_only(self):
        head = "Numéro de ligne;Votre référence;Inconnu;MONTANT  CONTESTE;motif"
        rows = ("L1;AA-1;x;;", "", "L2;AA-2;x;3;Clos", ";;;;", "F3;;x;4;Forfait;;")
        found = self.found(head, *rows)
        self.assertEqual([(o.line, o.kind, o.number) for o in found][0], (4, "L", 2))
        self.assertEqual((found[1].kind, found[1].number), ("F", 3))

    def test_all_problems_are_reported_at_once(self):
        rows = ("L1;-3;Motif", "12;3;", ";3;Motif", "L2;3;M;;x", f"L3;3;{'m' * 1001}")
        self.assertEqual(
            self.codes(HEAD, *rows),
            [
                (2, "Montant contesté", "-3", "amount"),
                (3, "Numéro de ligne", "12", "number"),
                (3, "Motif", "", "reason"),
                (4, "Numéro de ligne", "", "unnamed"),
                (5, "", "x", "cells"),
                (6, "Motif", "m" * 40, "long"),
            ],
        )

    def test_a_file_that_contests_nothing_says_so(self):
        self.assertEqual(self.codes(HEAD, "L1;;")[0][3], "nothing")
        self.assertEqual(self.codes(HEAD)[0][3], "nothing")
        missing = [column for _line, column, _value, _code in self.codes("a;b")]
        self.assertEqual(missing, ["Numéro de ligne", "Montant contesté", "Motif"])

    def test_a_file_that_is_no_csv_is_reported(self):
        for content in (b"", b"PK\3\4\0\0", b"\x81\x8d", b"a" * (MAX_BYTES + 1)):
            _found, [problem] = read(content, HEADERS)
            self.assertEqual(problem.code, "not_csv")
        problems = self.codes(HEAD, 'L1;3;"Motif', "L2;3;Motif")
        self.assertEqual([code for *_place, code in problems], ["quotes"])
