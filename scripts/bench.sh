#!/usr/bin/env bash
# make bench: the figures of tests/bench, one JSON line each, on a copy of the template without
# demo data (BENCH_SIZE=small|full|huge).
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

"$OIC_ROOT/scripts/setup.sh" --dev || exit 1
export OIC_CLUSTER="test" BENCH_SIZE="${BENCH_SIZE:-small}"
exec "$OIC_ROOT/scripts/env.sh" python "$OIC_ROOT/scripts/bench.py" "$@"
