"""Runs the benchmarks: `python -m tests.bench [NAME…]`, all of them by default."""

import importlib
import os
import sys

from . import OF_SIZE
from .common import registry


def main():
    size = os.environ.get("BENCH_SIZE", "small")
    if size not in OF_SIZE:
        sys.exit(f"BENCH_SIZE is one of {', '.join(OF_SIZE)}, not {size!r}")
    # Odoo's configuration first: it makes our addons importable.
    registry()
    for name in sys.argv[1:] or OF_SIZE[size]:
        importlib.import_module(f"tests.bench.{name}").run(size)


if __name__ == "__main__":
    main()
