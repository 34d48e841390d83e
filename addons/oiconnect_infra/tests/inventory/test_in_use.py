from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from ..common import InfraCase
from ..wiring import Wiring

RIGHTS = "oiconnect_base.group_infra_manager,oiconnect_base.group_link_manager"
# What goes with the object that it is a part of
PARTS = {
    ("oiconnect.building.level", "building_id"),
    ("oiconnect.pbo.fibre", "cable_id"),
    ("oiconnect.pm.position", "module_id"),
    ("oiconnect.zone", "pm_id"),
}


@tagged("post_install", "-at_install")
class TestInUse(InfraCase):
    """Records in use are not deleted, and the error names their users."""

    def setUp(self):
        super().setUp()
        self.wiring = Wiring(self.env, "T93")

    def objects(self):
        return {
            name: model
            for name, model in self.env.items()
            if not model._abstract and hasattr(model, "_used_by_fields")
        }

    def named_users(self, model):
        """Return ``(model, field)`` of all who are named when a deletion is refused."""
        inverses = self.env.registry.field_inverses
        return {
            (field.model_name, field.name)
            for relation in model._used_by_fields
            for field in inverses[model._fields[relation]]
        }

    def holders(self, name):
        """Return ``(model, field)`` of all whose column would keep the object."""
        return {
            (field.model_name, field.name)
            for other in self.env.values()
            if not other._abstract
            and not other._transient
            and other._module.startswith("oiconnect_infra")
            for field in other._fields.values()
            if field.type == "many2one"
            and field.comodel_name == name
            and field.store
            and not field.related
            and not (field.compute and field.readonly)
        }

    def test_no_user_of_an_object_is_left_out(self):
        for name, model in self.objects().items():
            with self.subTest(name):
                self.assertLessEqual(
                    self.holders(name) - PARTS, self.named_users(model)
                )

    def test_a_cable_whose_fibres_are_spliced(self):
        upper = self.wiring.strand_cable("CB-A", 2)
        lower = self.wiring.strand_cable("CB-B", 2)
        splice = self.wiring.splice(upper[0], lower[0])
        for cable in (upper.cable_id, lower.cable_id):
            with self.assertRaisesRegex(UserError, "CB-A / ROUGE / 1 → CB-B"):
                cable.unlink()
        splice.unlink()
        (upper | lower).cable_id.unlink()
        self.assertFalse((upper | lower).exists(), "fibres go with their cable")

    def test_a_box_where_fibres_are_spliced(self):
        upper = self.wiring.strand_cable("CB-A", 1)
        lower = self.wiring.strand_cable("CB-B", 1)
        self.wiring.splice(upper, lower)
        with self.assertRaisesRegex(UserError, r"1 Splices \(CB-A / ROUGE / 1"):
            self.wiring.box.unlink()

    def test_a_module_gives_back_the_link_fibres_that_fed_it(self):
        feed = self.wiring.link_fibres(1)
        position = self.wiring.position("P1", link_fibre_id=feed.id)
        self.assertEqual((feed.state, feed.link_id.free_fibre_count), ("used", 0))
        position.module_id.unlink()
        self.assertFalse(position.exists())
        self.assertEqual((feed.state, feed.link_id.free_fibre_count), ("free", 1))

    def test_a_module_gives_back_a_fibre_to_who_holds_it(self):
        feed = self.wiring.link_fibres(1)
        feed.write({"state": "reserved", "operator_id": self.ocaa.id})
        position = self.wiring.position("P1", link_fibre_id=feed.id)
        feed.state = "used"
        position.module_id.unlink()
        self.assertEqual((feed.state, feed.operator_id), ("reserved", self.ocaa))

    def test_a_fibre_that_feeds_two_modules_stays_used(self):
        feed = self.wiring.link_fibres(1)
        first = self.wiring.position("P1", link_fibre_id=feed.id)
        other = self.wiring.module(self.wiring.at, "TIROIR 10")
        self.env["oiconnect.pm.position"].create(
            {"module_id": other.id, "name": "P1", "link_fibre_id": feed.id}
        )
        first.module_id.unlink()
        self.assertEqual(feed.state, "used")

    def test_the_refusal_is_in_the_language_of_the_user(self):
        user = new_test_user(self.env, "chef", RIGHTS, lang="fr_FR")
        pm = self.pm.with_user(user).with_context(lang="fr_FR")
        with self.assertRaises(UserError) as refused:
            pm.unlink()
        self.assertEqual(
            str(refused.exception),
            "OICN-99001-0001 ne peut pas être supprimé, il est utilisé par "
            "1 Immeubles (IMB/99001/X/0001); 1 PBO (PBO-99-001-001-0001) : "
            "déplacez-les ou supprimez-les d’abord.",
        )

    def test_a_user_who_may_not_read_the_users_sees_them_too(self):
        user = new_test_user(
            self.env, "liens_seuls", "oiconnect_base.group_link_manager"
        )
        with self.assertRaisesRegex(UserError, "IMB/99001/X/0001"):
            self.pm.with_user(user).unlink()
