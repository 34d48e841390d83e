"""The shortest road through the product, in Odoo's shell: one order, one invoice.

It needs nothing that developers alone have, as tests of the addons do.
"""

import importlib
import sys
from datetime import timedelta
from pathlib import Path
from types import ModuleType

from odoo import fields

from odoo.addons import oiconnect_billing, oiconnect_orders
from odoo.addons.oiconnect_base.workflow import Origin

PRICE = 31.0


def _common(addon):
    """Import what the tests of an addon share, and none of the tests."""
    package = ModuleType(f"{addon.__name__}.tests")
    package.__path__ = [str(Path(addon.__file__).with_name("tests"))]
    sys.modules[package.__name__] = package
    return importlib.import_module(f"{package.__name__}.common")


orders, billings = _common(oiconnect_orders), _common(oiconnect_billing)


def run(env):
    """Return the amount of the invoice that one order gave, posted."""
    billing = billings.Billing(env, "SMOK")
    made = orders.make_network(billing.env, code="OISM", prefix="ZS")
    operator = orders.make_operator(billing.env, "OCSM")
    operator.write(billings.ADDRESS | {"country_id": env.ref("base.fr").id})
    orders.open_pm(billing.env, made, operator)
    served = _served(_order(made, operator))
    billing.product(PRICE, network_id=made["network"].id)
    month = _next_month(served.in_service_date)
    move = billing.compute(month, made["network"]).move_ids
    move.action_post()
    assert move.state == "posted" and move.partner_id == operator.partner_id
    return move.amount_untaxed


def _order(made, operator):
    line = {
        "oc_reference": "OCSM-000001",
        "connection_type": "STOC",
        "requested_type": "AUTO",
        "existing_socket": False,
        "order_date": "2026-03-14T10:05:00",
        "building_identifier": made["building"].identifier,
        "pm_reference": made["pm"].reference,
        "customer_name": "EXEMPLE",
        "customer_contact1": "0600000001",
    }
    model = operator.env["oiconnect.access.order"]
    origin = Origin("file", version="V1.3")
    [(order, refusals)] = model._receive([line], operator, made["network"], origin)
    assert not refusals, refusals
    return order


def _served(order):
    """The order is studied, connected and in service, some months ago."""
    order._study()
    then = fields.Datetime.now() - timedelta(days=90)
    order._fire("connected", date=then)
    order._fire("activate", date=then)
    assert order.state == "in_service"
    return order


def _next_month(moment):
    return (moment.replace(day=1) + timedelta(days=32)).strftime("%Y-%m")
