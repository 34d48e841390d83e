from odoo.tests.common import TransactionCase, tagged

from ...models.orders.infra_order import InfraOrderMixin


@tagged("post_install", "-at_install")
class TestNamedByOrders(TransactionCase):
    """Deleting what orders of the network name is refused with a list of them."""

    def _names(self):
        """Yield the fields by which an order keeps an object of the network."""
        for model in self.env.values():
            if isinstance(model, InfraOrderMixin) and not model._abstract:
                for field in model._fields.values():
                    other = field.type == "many2one" and self.env[field.comodel_name]
                    if hasattr(other, "_used_by_fields") and not field.related:
                        yield field

    def test_no_user_sees_an_error_of_the_database(self):
        inverses, named = self.env.registry.field_inverses, set()
        for field in self._names():
            used_by = self.env[field.comodel_name]._used_by_fields
            is_listed = any(inverse.name in used_by for inverse in inverses[field])
            self.assertTrue(is_listed, f"{field}: name its inverse in _used_by_fields")
            named.add(field.comodel_name)
        self.assertIn("oiconnect.pbo", named)
