"""Benchmarks: their names, in the order in which they run."""

NAMES = (
    "ipe_import",
    "gracethd",
    "publication",
    "orders",
    "order_list",
    "network_orders",
    "tickets",
    "statistics",
    "home",
    "retention",
    "fairness",
    "inventory_lists",
    "billing",
    "trace",
    "capacity",
    "map",
    "rules",
    "mutants",
    "rest",
    "nodes",
)
