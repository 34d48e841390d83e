from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from ..common import InfraCase
from ..wiring import Wiring


@tagged("post_install", "-at_install")
class TestPmLinkFibre(InfraCase):
    """Fibres of a link: numbered, held, patched to positions, counted."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.wiring = Wiring(cls.env, "T93")
        cls.feeds = cls.wiring.link_fibres(3)
        cls.link = cls.feeds.link_id

    def assertCounts(self, capacity, used):
        self.assertEqual(
            (self.link.capacity, self.link.used_fibre_count), (capacity, used)
        )
        self.assertEqual(self.link.free_fibre_count, capacity - used)

    def test_the_link_counts_its_fibres(self):
        self.assertCounts(3, 0)
        self.feeds[0].write({"state": "reserved", "operator_id": self.ocaa.id})
        self.feeds[1].state = "out_of_service"
        self.assertCounts(3, 2)
        self.feeds[2].unlink()
        self.assertCounts(2, 2)
        self.assertIn(("write", "used_fibre_count", "0", "1"), self.changes(self.link))

    def test_the_counts_are_not_typed_in_any_more(self):
        with self.assertRaisesRegex(ValidationError, "LIEN-99001-0001"):
            self.link.capacity = 12
        self.link.write({"capacity": 3, "length_km": 4})

    def test_fibres_are_created_by_tubes_and_named_by_colours(self):
        wizard = self.env["oiconnect.pm.link.fibre.new"].create(
            {"link_id": self.link.id, "count": 10, "fibres_per_tube": 6}
        )
        wizard.action_create()
        fibres = self.link.fibre_ids.sorted("number")
        self.assertEqual(fibres.mapped("number"), list(range(1, 14)))
        self.assertEqual((fibres[5].tube, fibres[5].fibre), ("ROUGE", "BLANC"))
        self.assertEqual((fibres[6].tube, fibres[6].fibre), ("BLEU", "ROUGE"))
        self.assertCounts(13, 0)
        for wrong in ({"count": 0}, {"count": 2000}, {"fibres_per_tube": 0}):
            with self.assertRaises(UserError):
                wizard.copy(wrong).action_create()

    def test_a_patched_fibre_is_used_until_it_feeds_nothing(self):
        one = self.wiring.position("P1", link_fibre_id=self.feeds[0].id)
        other = self.wiring.position("P2", link_fibre_id=self.feeds[0].id)
        self.assertEqual(self.feeds[0].state, "used")
        one.link_fibre_id = False
        self.assertEqual(self.feeds[0].state, "used")
        other.unlink()
        self.assertEqual(self.feeds[0].state, "free")
        self.feeds[1].write({"state": "used", "operator_id": self.ocaa.id})
        one.link_fibre_id = self.feeds[1]
        one.link_fibre_id = False
        self.assertEqual(self.feeds[1].state, "reserved")

    def test_a_position_is_fed_from_a_link_of_its_pm(self):
        module = self.wiring.module(self.wiring.pm("OICN-99001-0002"))
        with self.assertRaisesRegex(ValidationError, "OICN-99001-0002"):
            self.env["oiconnect.pm.position"].create(
                {
                    "module_id": module.id,
                    "name": "P1",
                    "link_fibre_id": self.feeds[0].id,
                }
            )

    def test_what_is_held_or_feeds_a_position_is_not_deleted(self):
        self.wiring.position("P1", link_fibre_id=self.feeds[0].id)
        self.feeds[1].write({"state": "reserved", "operator_id": self.ocaa.id})
        for record in (self.feeds[0], self.feeds[1], self.link):
            with self.assertRaises(UserError):
                record.unlink()

    def test_every_change_of_a_fibre_is_stored(self):
        self.feeds[0].write({"state": "reserved", "operator_id": self.ocaa.id})
        self.assertEqual(
            self.changes(self.feeds[0])[1:],
            [
                ("write", "state", "free", "reserved"),
                ("write", "operator_id", None, "OCAA"),
            ],
        )
