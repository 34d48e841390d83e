"""Operators' own equipment at PMs: positions in their bay, a drawer of ours."""

# Operator, rack, drawers and ports of its bay at the PM where we connect most for it
BAY = ("OCAA", "B12", ("T1", "T2"), 8)
# Operator and PM where a drawer is reserved for it
DRAWER = ("OCBB", "OICN-01089-0001")
LIVE = ("connecting", "connect_ko", "delivered", "in_service")


def load(env, network):
    _make_bay(env, network, *BAY)
    _dedicate(env, network, *DRAWER)


def _make_bay(env, network, code, rack, drawers, ports):
    """Make the positions; orders that we connected are patched there."""
    connected = env["oiconnect.access.order"].search(
        [
            ("operator_id.interop_code", "=", code),
            ("network_id", "=", network.id),
            ("connection_type", "=", "oi"),
            ("state", "in", LIVE),
        ],
        order="id",
    )
    groups = connected.grouped("pm_service_id").items()
    service, orders = max(groups, key=lambda group: len(group[1]))
    positions = env["oiconnect.operator.position"].create(
        [
            {
                "service_id": service.id,
                "rack": rack,
                "drawer": drawer,
                "port": f"{port:02d}",
            }
            for drawer in drawers
            for port in range(1, ports + 1)
        ]
    )
    for order, position in zip(orders, positions, strict=False):
        order.oc_position_id = position


def _dedicate(env, network, code, pm):
    """Reserve the last drawer that serves no one for the operator."""
    modules = env["oiconnect.pm.module"].search(
        [
            ("network_id", "=", network.id),
            ("pm_id.reference", "=", pm),
            ("operator_id", "=", False),
            ("route_ids", "!=", False),
            ("route_ids", "not any", [("state", "in", ("reserved", "used"))]),
        ]
    )
    modules[-1:].dedicated_operator_id = env["oiconnect.operator"].search(
        [("interop_code", "=", code)]
    )
