"""The shortest road through the product, in Odoo's shell: one order, one invoice."""

from datetime import timedelta

from odoo import fields

from odoo.addons.oiconnect_base.workflow import Origin
from odoo.addons.oiconnect_billing.tests.common import ADDRESS, Billing
from odoo.addons.oiconnect_orders.tests.common import (
    make_network,
    make_operator,
    open_pm,
)

PRICE = 31.0


def run(env):
    """Return the amount of the invoice that one order gave, posted."""
    billing = Billing(env, "SMOK")
    made = make_network(billing.env, code="OISM", prefix="ZS")
    operator = make_operator(billing.env, "OCSM")
    operator.write(ADDRESS | {"country_id": env.ref("base.fr").id})
    open_pm(billing.env, made, operator)
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
    orders = operator.env["oiconnect.access.order"]
    origin = Origin("file", version="V1.3")
    [(order, refusals)] = orders._receive([line], operator, made["network"], origin)
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
