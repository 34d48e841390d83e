#!/usr/bin/env bash
# Stops clusters of ours: pg_stop.sh main|test…
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=scripts/pg.sh
. "$OIC_ROOT/scripts/pg.sh"

for cluster in "$@"; do pg_stop "$cluster"; done
