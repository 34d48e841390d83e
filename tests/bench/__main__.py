"""Runs the benchmarks: `python -m tests.bench [NAME…]`, all of them by default."""

import importlib
import os
import sys

from . import NAMES
from .common import registry


def main():
    size = os.environ.get("BENCH_SIZE", "small")
    if size not in ("small", "full"):
        sys.exit(f"BENCH_SIZE is small or full, not {size!r}")
    # Odoo's configuration first: it makes our addons importable.
    registry()
    for name in sys.argv[1:] or NAMES:
        importlib.import_module(f"tests.bench.{name}").run(size)


if __name__ == "__main__":
    main()
