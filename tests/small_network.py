"""A small network, its operators and their accounts, for tests that commit."""


def make(env, code, *operator_codes):
    """One PM with four free fibres, and operators present at it.

    Returns the dict of make_network with `operators`, in the order of their codes.
    """
    from odoo.addons.oiconnect_orders.tests.common import (
        make_network,
        make_operator,
        open_pm,
    )

    made = make_network(env, code=code, prefix=f"Z{code[-1]}")
    operators = [make_operator(env, operator) for operator in operator_codes]
    for operator in operators:
        open_pm(env, made, operator)
    return made | {"operators": operators}


def make_endpoint(env, made, operator, **values):
    """The account of ``operator``; nothing answers there unless ``values`` say so."""
    code = operator.interop_code
    return env["oiconnect.endpoint"].create(
        {
            "name": code,
            "network_id": made["network"].id,
            "operator_id": operator.id,
            "host": "sftp.invalid",
            "login": code.lower(),
            "still_seconds": 0,
            **values,
        }
    )
