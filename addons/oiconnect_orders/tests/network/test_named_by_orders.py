from odoo.tests.common import TransactionCase, tagged

from ...models.orders.infra_order import InfraOrderMixin


@tagged("post_install", "-at_install")
class TestNamedByOrders(TransactionCase):
    """Who deletes what orders of the network name is told which ones."""

    def _names(self):
        """Yield the fields by which an order keeps an object of the network."""
        for model in self.env.values():
            if isinstance(model, InfraOrderMixin) and not model._abstract:
                for field in model._fields.values():
                    other = field.type == "many2one" and self.env[field.comodel_name]
                    if hasattr(other, "_used_by_fields") and not field.related:
                        yield field

    def test_nobody_reads_what_the_database_says(self):
        inverses, named = self.env.registry.field_inverses, set()
        for field in self._names():
            used_by = self.env[field.comodel_name]._used_by_fields
            told = any(inverse.name in used_by for inverse in inverses[field])
            self.assertTrue(told, f"{field}: name its inverse in _used_by_fields")
            named.add(field.comodel_name)
        self.assertIn("oiconnect.pbo", named)
