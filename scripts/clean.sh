#!/usr/bin/env bash
# Stops our PostgreSQL clusters and removes OIC_HOME. A cache given by OIC_CACHE stays.
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

# shellcheck source=scripts/pg.sh
. "$OIC_ROOT/scripts/pg.sh"

for cluster in main test; do
    pg_stop "$cluster"
    rm -rf "$(pg_socket_dir "$cluster")"
done
# Their layers may be mounted.
if [ -d "$OIC_HOME/cache/images" ]; then OIC_CACHE="$OIC_HOME/cache" "$OIC_ROOT/scripts/images.sh" forget || true; fi
rm -rf "${OIC_HOME:?}"
say "removed $OIC_HOME"
