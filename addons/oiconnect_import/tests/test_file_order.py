from odoo.tests.common import BaseCase, tagged

from ..protocol.file_order import ordered_files


@tagged("-at_install", "post_install")
class TestFileOrder(BaseCase):
    """Files of one operator that are made at the same time."""

    def test_the_oldest_goes_first(self):
        self.assertEqual(ordered_files({"b": 2, "a": 1, "c": 3}, ()), ["a", "b", "c"])

    def test_a_file_waits_for_those_with_earlier_messages_of_its_records(self):
        first = {"report": 1, "receipt": 2, "notice": 3}
        pairs = {("receipt", "report"), ("gone", "report"), ("notice", "notice")}
        self.assertEqual(ordered_files(first, pairs), ["receipt", "report", "notice"])

    def test_age_decides_where_records_contradict_each_other(self):
        pairs = {("a", "b"), ("b", "a")}
        self.assertEqual(ordered_files({"b": 2, "a": 1}, pairs), ["a", "b"])
