from datetime import timedelta

from odoo import fields
from odoo.tests.common import tagged

from ..common import HEADER_V13, make_file
from .file_transfer_common import LookCase


@tagged("post_install", "-at_install")
class TestLookAgain(LookCase):
    """Files that change after they were read: an upload that had stalled goes on."""

    def setUp(self):
        super().setUp()
        self.first, self.second = self._wire(), self._wire()
        self.whole = make_file(HEADER_V13, [self.first, self.second])
        self.half = make_file(HEADER_V13, [self.first])

    def _processed_file(self, content, folder="in/archive"):
        """A file is taken, processed and put away; return its path."""
        name = self._drop(content)
        self._look()
        self._end()
        path = f"{folder}/{name}"
        self.assertIn(path, self.box.files)
        return path

    def _later(self, times=2):
        """Look as often, each time when files put away are due to be looked at."""
        for _n in range(times):
            self.env["oiconnect.claim"].search([]).check_date = fields.Datetime.now()
            self._look(1)

    def _files(self):
        return self.endpoint.exchange_ids.sorted("id").filtered(
            lambda item: item.direction == "in"
        )

    def _references(self, exchange):
        return exchange.line_ids.sorted("line").mapped("reference")

    def _reference(self, wire):
        return wire["ReferenceCommandePriseInterneOC"]

    def _assert_went_on(self, first, whole):
        self.assertEqual(whole.grown_from_id, first)
        self.assertEqual(whole._content(), self.whole)
        self.assertEqual((whole.state, whole.done_count), ("in_done", 2))
        self.assertEqual(self._references(whole), [self._reference(self.second)])
        self.assertIn("traitées alors", whole.message)
        self.assertIn("continué", first.message)
        orders = self.env["oiconnect.access.order"].search(
            [("operator_id", "=", self.operator.id)], order="id"
        )
        self.assertEqual(
            orders.mapped("oc_reference"),
            [self._reference(self.first), self._reference(self.second)],
        )
        self.assertEqual(set(orders.mapped("state")), {"ar_ok"})

    # ------------------------------------------------------------------
    # The same file, which goes on
    # ------------------------------------------------------------------

    def test_an_upload_that_goes_on_after_it_was_put_away_is_taken_whole(self):
        path = self._processed_file(self.half)
        self.box.files[path] = self.whole
        self._later()
        self._end()
        first, whole = self._files()
        self._assert_went_on(first, whole)
        [answer] = self._rows(self._drain().filtered(lambda f: f.source_id == whole))
        self.assertEqual(
            answer["ReferenceCommandePriseInterneOC"], self._reference(self.second)
        )
        self._later(3)
        self.assertEqual(len(self._files()), 2, "it is taken again once")
        self.assertIn(path, self.box.files)

    def test_one_that_goes_on_before_it_is_put_away_is_taken_whole(self):
        name = self._drop(self.half)
        self._look()
        [claimed] = self.box.names("in")
        self.box.files[f"in/{claimed}"] = self.whole
        self._end()
        self.assertEqual(self.box.names("in/archive"), [])
        self._look(1)
        self._end()
        self._look(1)
        first, whole = self._files()
        self._assert_went_on(first, whole)
        self.assertEqual(self.box.names("in/archive"), [name])

    def test_one_that_goes_on_while_it_is_read_waits_to_stand_still_again(self):
        read = self.box.read

        def reading(path, limit):
            content = read(path, limit)
            self.box.files[path] = self.whole
            return content

        self.patch(self.box, "read", reading)
        name = self._drop(self.half)
        self._look()
        self.assertFalse(self._taken())
        self.assertFalse(self.endpoint.activity_ids, "nothing is wrong")
        self._look(2)
        self.assertEqual(self._files().name, name)
        self.assertEqual(self._files()._content(), self.whole)

    def test_one_that_goes_on_between_list_and_claim_waits_to_stand_still_again(self):
        rename = self.box.rename

        def renaming(source, target):
            rename(source, target)
            self.box.files[target] = self.whole

        self.patch(self.box, "rename", renaming)
        self._drop(self.half)
        self._look(2)
        self.assertFalse(self._taken())
        self._look(2)
        self.assertEqual(self._files()._content(), self.whole)

    def test_what_goes_on_is_taken_only_once_it_stands_still(self):
        path = self._processed_file(self.half)
        self.endpoint.still_seconds = 3600
        self.box.files[path] = self.whole
        self._later(3)
        self.assertEqual(len(self._files()), 1)
        claim = self.env["oiconnect.claim"].search([])
        claim.moved_date -= timedelta(hours=2)
        self._later(1)
        self.assertEqual(len(self._files()), 2)

    def test_one_that_goes_on_twice_is_taken_twice_and_no_line_again(self):
        third = self._wire()
        path = self._processed_file(self.half)
        for content in (
            self.whole,
            make_file(HEADER_V13, [self.first, self.second, third]),
        ):
            self.box.files[path] = content
            self._later()
            self._end()
        last = self._files()[-1]
        self.assertEqual(self._references(last), [self._reference(third)])
        self.assertEqual((last.line_count, last.state), (3, "in_done"))

    def test_the_same_name_dropped_again_with_more_lines_is_the_same_file(self):
        name = self._drop(self.half)
        self._look()
        self._end()
        self._drop(self.whole, name)
        self._look()
        self._end()
        first, whole = self._files()
        self._assert_went_on(first, whole)
        self._drop(self.whole, name)
        self._look()
        replay = self._files()[-1]
        self.assertEqual(replay.state, "in_done")
        self.assertIn("même contenu", replay.message)

    def test_the_next_day_more_lines_under_the_same_name_are_an_anomaly(self):
        name = self._drop(self.half)
        self._look()
        self._end()
        self._age(self._files(), days=1, minutes=1)
        self._drop(self.whole, name)
        self._look()
        self.assertEqual(self._files()[-1].state, "in_anomaly")

    def _age(self, exchanges, **ago):
        self.env.cr.execute(
            "UPDATE oiconnect_exchange SET create_date = %s WHERE id = ANY(%s)",
            [fields.Datetime.now() - timedelta(**ago), exchanges.ids],
        )
        exchanges.invalidate_recordset()

    # ------------------------------------------------------------------
    # Lines of which only the beginning had come
    # ------------------------------------------------------------------

    def test_a_line_that_was_cut_and_refused_is_answered_when_it_is_whole(self):
        cut = self.whole[: self.whole.index(b"STOC", len(self.half)) + 2]
        path = self._processed_file(cut)
        self.assertEqual(self._files().refused_count, 1)
        self.box.files[path] = self.whole
        self._later()
        self._end()
        last = self._files()[-1]
        self.assertEqual(self._references(last), [self._reference(self.second)])
        self.assertEqual((last.state, last.refused_count), ("in_done", 0))

    def test_a_line_that_was_cut_and_applied_is_neither_doubled_nor_refused(self):
        self.second["CommentaireCmdAcces"] = "Sonner chez le gardien"
        whole = make_file(HEADER_V13, [self.first, self.second])
        path = self._processed_file(whole[: whole.index(b" le gardien")])
        self.box.files[path] = whole
        self._later()
        self._end()
        last = self._files()[-1]
        self.assertEqual((last.state, last.refused_count), ("in_done", 0))
        self.assertFalse(last.line_ids)
        [task] = last.activity_ids
        self.assertIn("ligne 3", task.summary)
        self.assertEqual(task.user_id, self.endpoint.responsible_id)

    def test_a_beginning_that_was_refused_as_a_whole_is_processed_from_the_start(self):
        path = self._processed_file(self.whole[:40], "in/error")
        self.box.files[path] = self.whole
        self._later()
        self._end()
        last = self._files()[-1]
        self.assertEqual((last.state, len(last.line_ids)), ("in_done", 2))
        self._later(1)
        self.assertEqual(self.box.names("in/error"), [])
        self.assertEqual(self.box.names("in/archive"), [last.name])

    # ------------------------------------------------------------------
    # Others
    # ------------------------------------------------------------------

    def test_a_file_put_away_that_is_written_over_is_an_anomaly(self):
        path = self._processed_file(self.half)
        self.box.files[path] = make_file(HEADER_V13, [self._wire()])
        self._later()
        first, other = self._files()
        self.assertEqual((other.state, other.duplicate_of_id), ("in_anomaly", first))
        self.assertFalse(other.line_ids)
        self._later(3)
        self.assertEqual(len(self._files()), 2, "it is reported once")

    def test_files_put_away_are_looked_at_for_a_day_whatever_their_folder_holds(self):
        """Each look asks about what is due; it never lists the folder."""
        self._processed_file(self.half)
        claim = self.env["oiconnect.claim"].search([])
        self.box.listed.clear()
        requested = self.box.requested
        waits = []
        for hours in (0, 1, 20, 23, 25):
            now = fields.Datetime.now()
            claim.write({"date": now - timedelta(hours=hours), "check_date": now})
            requested.clear()
            self._look(2)
            self.assertEqual(len(requested), 1)
            claim = claim.exists()
            if claim:
                waits.append(round((claim.check_date - now).total_seconds() / 60))
        self.assertEqual(waits, [1, 60, 240, 60])
        self.assertFalse(claim, "a day later it is forgotten")
        self.assertEqual(set(self.box.listed), {"in"})

    def test_a_file_that_was_taken_away_from_the_archive_is_forgotten(self):
        path = self._processed_file(self.half)
        del self.box.files[path]
        self._later(1)
        self.assertFalse(self.env["oiconnect.claim"].search([]))
        self.assertFalse(self.endpoint.activity_ids)
