"""Tables of codes: labels are exact, lists are whole."""

import unittest

from ...soap import SERVICES, codes
from ...soap.contract import leaves
from ...soap.services import sav


class TestCodes(unittest.TestCase):
    def test_return_codes(self):
        self.assertEqual(list(codes.RETURN_CODES), [*range(24), 100, 101])
        self.assertEqual(codes.label(0), "AUCUNE ERREUR - ACQUITTE")
        self.assertEqual(
            codes.message(1, "commercialId"), "1 - INFO commercialId OBLIGATOIRE"
        )

    def test_what_a_sender_does_with_a_code(self):
        replies = {}
        for row in codes.RETURN_CODES.values():
            replies.setdefault(row.on_reply, []).append(row.code)
        self.assertEqual(replies["retry"], [10, 14, 20, 21, 23])
        self.assertEqual(replies["stop"], [12, 15, 16])
        self.assertEqual(replies["known"], [6])

    def test_closure_labels_begin_with_their_code(self):
        self.assertEqual(len(codes.CLOSURE_CODES), 21)
        for code in codes.CLOSURE_CODES.values():
            self.assertTrue(code.label.startswith(f"{code.code}#"), code)
            self.assertIn(code.responsibility, ("", "OI", "OC", "TIERS"))
        self.assertEqual(
            codes.CLOSURE_CODES["ERR08"].label, "ERR08#UNE RESILIATION A ETE REÇUE"
        )

    def test_every_list_of_a_field_is_there(self):
        for service in SERVICES.values():
            waiting = [op.request for op in service.operations]
            waiting += [op.response for op in service.operations]
            while waiting:
                field = waiting.pop()
                waiting += field.children
                if field.codes:
                    self.assertTrue(codes.LISTS[field.codes], field.name)

    def test_values_differ_without_their_case(self):
        for name, values in codes.LISTS.items():
            folded = {value.casefold() for value in values}
            self.assertEqual(len(folded), len(values), name)

    def test_each_value_has_a_confidence(self):
        for row in codes.LISTED_VALUES:
            self.assertIn(row.confidence, ("seen", "inferred", "proposed"))

    def test_what_2x_does_not_know_is_left_out(self):
        keys = [field.key for field in sav.BLOCK]
        ticket = dict.fromkeys(keys, "x")
        self.assertEqual(sav.known_in(ticket, "3.0"), ticket)
        left = set(keys) - set(sav.known_in(ticket, "2.1"))
        self.assertEqual(len(left), 15)
        self.assertLessEqual({"escalation", "gtr_delay", "olt_rank"}, left)
        self.assertNotIn("closure_duration", left)

    def test_required_fields_are_fields_of_a_ticket(self):
        names = {field.name for field in leaves(sav.TICKET_VALUE)}
        for row in codes.REQUIRED_FIELDS:
            self.assertIn(row.event, codes.LISTS["event"])
            self.assertLessEqual(set(row.fields), names)
        self.assertIn(
            ("commercialId", "technicalId"),
            codes.required_fields("CASE CREATE REQUEST"),
        )
