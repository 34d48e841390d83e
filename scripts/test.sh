#!/usr/bin/env bash
# make test: sets up what is missing, then runs the tests. Arguments go to pytest.
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

"$OIC_ROOT/scripts/setup.sh" --dev || exit 1
. "$OIC_ROOT/scripts/browser.sh"
. "$OIC_ROOT/scripts/gdal.sh"
export OIC_CLUSTER=test
# Tests have servers and clients in one process; servers that they start are guarded.
export OIC_OUTGOING=127.0.0.0/8,::1/128
# shellcheck source=scripts/clock.sh
if [ -n "${AT:-}" ]; then . "$OIC_ROOT/scripts/clock.sh"; fi
exec "$OIC_ROOT/scripts/env.sh" python "$OIC_ROOT/scripts/test.py" "$@"
