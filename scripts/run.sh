#!/usr/bin/env bash
# make run: sets up what is missing, then serves the product until Ctrl-C.
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

"$OIC_ROOT/scripts/setup.sh" || exit 1
export OIC_CLUSTER=main
exec "$OIC_ROOT/scripts/env.sh" python "$OIC_ROOT/scripts/run.py" "$@"
