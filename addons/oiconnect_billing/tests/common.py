from odoo.tools import SQL

from odoo.addons.oiconnect_orders.protocol_time import from_local

from .french_chart import FrenchCompanyCase, french_company

QUIET = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
}
ADDRESS = {"street": "1 rue de l'Essai", "zip": "01500", "city": "Ambérieu-en-Bugey"}


class Billing:
    """A company with one network and one PTO, in any environment.

    By default it is a new company under the French chart of accounts.
    """

    def __init__(self, env, code="T95", company=None):
        accounts = not company
        company = company or french_company(env, f"Réseau {code}")
        context = {**env.context, **QUIET, "allowed_company_ids": company.ids}
        self.env = env(context=context)
        self.company = company.with_env(self.env)
        self.network = self.make_network(code)
        self.building = self.make(
            "oiconnect.building", identifier=f"IMB/99001/{code}/0001"
        )
        self.pto = self.make(
            "oiconnect.pto", reference=f"ZZ-{code}-0001", building_id=self.building.id
        )
        self.service = self._service(**(self._accounts() if accounts else {}))
        self.rank = 0

    def _accounts(self):
        return {
            "taxes_id": [(6, 0, self.chart("tva_normale_encaissement").ids)],
            "property_account_income_id": self.chart("pcg_706").id,
        }

    def _service(self, **values):
        return self.env["product.product"].create(
            {"name": "Accès FTTH", "type": "service", **values}
        )

    def chart(self, name):
        """Return a record of the French chart of the company."""
        return self.env["account.chart.template"].ref(name)

    def make(self, model, **values):
        return self.env[model].create({"network_id": self.network.id, **values})

    def make_network(self, code):
        return self.env["oiconnect.network"].create(
            {
                "name": f"Réseau {code}",
                "oi_code": "OICN",
                "code": code,
                "pto_prefix": "ZZ",
                "company_id": self.company.id,
            }
        )

    def operator(self, code, **values):
        return self.env["oiconnect.operator"].create(
            {
                "name": f"Opérateur {code}",
                "interop_code": code,
                "arcep_code": code,
                "country_id": self.env.ref("base.fr").id,
                "lang": "fr_FR",
                **ADDRESS,
                **values,
            }
        )

    def product(self, price=31.0, **values):
        return self.env["oiconnect.billing.product"].create(
            {
                "name": "Location",
                "product_id": self.service.id,
                "company_id": self.company.id,
                "price": price,
                **values,
            }
        )

    def price(self, product, price, start=None, **scope):
        """Add a price to the list of a product, from a month on."""
        month = start and f"{start}-01"
        return self.env["oiconnect.billing.price"].create(
            {"product_id": product.id, "price": price, "start_month": month, **scope}
        )

    def access(self, operator, start, end=None, **values):
        """Put an access in service on the days given (noon in Paris by default)."""
        self.rank += 1
        vals = {
            "network_id": self.network.id,
            "company_id": self.company.id,
            "operator_id": operator.id,
            "oc_reference": f"{operator.interop_code}-{self.rank:05d}",
            "state": "terminated" if end else "in_service",
            "connection_type": "stoc",
            "retained_type": "loca",
            "pto_id": self.pto.id,
            "delivered_date": moment(start),
            "in_service_date": moment(start),
            "end_date": moment(end),
            "is_open": False,
            **values,
        }
        return self._insert("oiconnect.access.order", vals)

    def _insert(self, model, vals):
        """Past the workflow: its history is not the point here."""
        [[order_id]] = self.env.execute_query(
            SQL(
                "INSERT INTO %s (%s) VALUES %s RETURNING id",
                SQL.identifier(self.env[model]._table),
                SQL(", ").join(map(SQL.identifier, vals)),
                tuple(value or None for value in vals.values()),
            )
        )
        return self.env[model].browse(order_id)

    def end(self, order, day):
        """Terminate an access on a day."""
        order.env.cr.execute(
            "UPDATE oiconnect_access_order SET state = 'terminated', end_date = %s"
            " WHERE id = %s",
            [moment(day), order.id],
        )
        order.invalidate_recordset()

    def run(self, month, network=None):
        return self.env["oiconnect.billing.run"].create(
            {"month": f"{month}-01", "network_id": (network or self.network).id}
        )

    def compute(self, month, network=None):
        run = self.run(month, network)
        run.action_compute()
        return run


def moment(day):
    """Return the UTC time of a day (at noon) or of a wall clock time in Paris."""
    if not day:
        return None
    return from_local(day if "T" in day else f"{day}T12:00:00")


class BillingCase(FrenchCompanyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.billing = Billing(cls.env)
        cls.env = cls.billing.env
        cls.ocaa = cls.billing.operator("OCX1")
        cls.ocbb = cls.billing.operator("OCX2")

    def access(self, start, end=None, operator=None, **values):
        return self.billing.access(operator or self.ocaa, start, end, **values)

    def product(self, price=31.0, **values):
        return self.billing.product(price, **values)

    def compute(self, month):
        return self.billing.compute(month)

    def billed(self, run, operator=None):
        """Return ``[(quantity, unit price, amount)]`` of the operator's invoice."""
        moves = run.move_ids.filtered(
            lambda move: move.oiconnect_operator_id == (operator or self.ocaa)
        )
        return [
            (line.quantity, line.price_unit, line.price_subtotal)
            for line in moves.invoice_line_ids.sorted(
                lambda line: (line.sequence, line.id)
            )
        ]

    def days(self, run):
        """Return ``[(first day, last day, days)]`` of the accesses billed."""
        return [
            (str(line.date_from), str(line.date_to), line.days)
            for line in run.item_ids.line_ids.sorted("date_from")
        ]

    def assertAgrees(self, run):
        """The accesses add up to the invoices, line by line."""
        for item in run.item_ids.filtered("line_count"):
            sign = -1 if item.move_id.move_type == "out_refund" else 1
            lines = item.line_ids
            self.assertEqual(len(lines), item.line_count)
            self.assertAlmostEqual(sum(lines.mapped("amount")), item.amount, places=6)
            self.assertAlmostEqual(
                sign * item.move_line_id.price_subtotal, item.amount, places=6
            )
