"""A small network, its operators and their accounts, for tests that commit."""


def make(env, code, *operator_codes):
    """One PM with four free fibres, and operators present at it.

    Returns the dict of make_network with `operators`, in the order of their codes.
    """
    from odoo.addons.oiconnect_orders.tests.common import make_network

    made = make_network(env, code=code, prefix=f"Z{code[-1]}")
    return made | {"operators": make_operators(env, made, operator_codes)}


def make_operators(env, made, codes):
    """Operators present at the PM of a network."""
    from odoo.addons.oiconnect_orders.tests.common import make_operator, open_pm

    operators = [make_operator(env, code) for code in codes]
    for operator in operators:
        open_pm(env, made, operator)
    return operators


def make_sftp_operators(env, made, codes, sftp, password, poll_seconds):
    """Operators present at the PM, who order by a real SFTP server.

    ``password``: of an account, by the code of its operator
    """
    for operator in make_operators(env, made, codes):
        make_endpoint(
            env,
            made,
            operator,
            host=sftp.host,
            port=sftp.port,
            host_key=sftp.host_key,
            password=password.format(operator.interop_code),
            poll_seconds=poll_seconds,
        )


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
