#!/usr/bin/env bash
# make soak: the mixed load (tests/bench/mixed.py) for DURATION seconds, an hour by default, on a
# million lines; figures every minute. Ends with an error when a limit is broken.
export BENCH_SIZE="${BENCH_SIZE:-full}" DURATION="${DURATION:-3600}"
exec "$(dirname "$0")/bench.sh" mixed
