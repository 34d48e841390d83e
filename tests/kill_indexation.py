"""New prices by a coefficient: all of them or none, and once."""

from datetime import date

from kill_place import Work
from kill_points import COMMIT, after, before
from odoo_process import environment

INDEXATION, PRICE = "oiconnect.billing.indexation", "oiconnect.billing.price"
PRODUCT = "oiconnect.billing.product"
PRODUCTS = 3
OLD, OWN, COEFFICIENT = 100.0, 80.0, 1.05
START = date(2027, 1, 1)


class Indexation(Work):
    """Three products, of which each has a price of all and one of an operator."""

    MOMENTS = {
        "it begins": before(INDEXATION, "action_apply"),
        "new prices are known": after(INDEXATION, "_lines"),
        "they are about to be made": before(PRICE, "create"),
        "they are made": before(PRICE, "_refuse_billed"),
        "prices are locked": after(PRODUCT, "_lock_prices"),
        "they are found to be free": after(PRICE, "_refuse_billed"),
        "the first is notified": after(PRODUCT, "message_post"),
        "half of them are notified": after(PRODUCT, "message_post", PRODUCTS),
        "all of them are notified": after(PRICE, "_tell"),
        "they are about to be committed": before(COMMIT, "commit"),
        "they are committed": after(COMMIT, "commit"),
    }

    def __init__(self, found, place):
        from odoo.addons.oiconnect_billing.tests.common import Billing

        super().__init__(found, place)
        number = next(place.numbers)
        company_id = place.company_id(found)
        with environment(found) as env:
            billing = Billing(env, f"TI{number}", env["res.company"].browse(company_id))
            operator = billing.operator(f"I{number:03d}")
            products = env[PRODUCT]
            for rank in range(PRODUCTS):
                products |= billing.product(
                    OLD, network_id=billing.network.id, name=f"Essai {rank}"
                )
            for product in products:
                billing.price(product, OWN, operator_id=operator.id)
            indexation = env[INDEXATION].create(
                {
                    "company_id": company_id,
                    "coefficient": COEFFICIENT,
                    "start_month": START,
                    "product_ids": [(6, 0, products.ids)],
                }
            )
            self.product_ids, self.indexation_id = products.ids, indexation.id

    def run(self, found):
        """Apply it, as who does not know whether it was does so again."""
        from odoo.exceptions import UserError

        try:
            with environment(found) as env:
                env[INDEXATION].browse(self.indexation_id).action_apply()
        except UserError as error:
            assert "already" in str(error)

    def assert_done(self):
        with environment(self.found) as env:
            products = env[PRODUCT].browse(self.product_ids)
            for product in products:
                prices = product.price_ids
                new = prices.filtered(lambda one: one.start_month == START)
                assert sorted(new.mapped("price")) == [84.0, 105.0]
                assert sorted((prices - new).mapped("price")) == [OWN, OLD]
                messages = product.message_ids.filtered(
                    lambda m: "2027" in (m.body or "")
                )
                assert len(messages) == len(new)
