#!/usr/bin/env bash
# Stops our PostgreSQL clusters and removes OIC_HOME. A cache given by OIC_CACHE stays.
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

"$OIC_ROOT/scripts/pg_stop.sh" main test
rm -rf "${OIC_HOME:?}"
say "removed $OIC_HOME"
