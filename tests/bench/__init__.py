"""Benchmarks: their names, in the order in which they run."""

NAMES = (
    "ipe_import",
    "gracethd",
    "gracethd_apply",
    "gracethd_dirty",
    "publication",
    "orders",
    "order_lookup",
    "order_list",
    "network_orders",
    "tickets",
    "statistics",
    "home",
    "retention",
    "fairness",
    "inventory_lists",
    "place_search",
    "billing",
    "trace",
    "capacity",
    "map",
    "rules",
    "mutants",
    "rest",
    "nodes",
    "mixed",
)
#: those of BENCH_SIZE=huge, a country
HUGE = ("ipe_huge", "map", "order_lookup")
#: those of each size, unless others are named
OF_SIZE = {"small": NAMES, "full": NAMES, "huge": HUGE}
