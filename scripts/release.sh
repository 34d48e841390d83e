#!/usr/bin/env bash
# make release VERSION=…: a new version, its commit and tag, its wheels. See scripts/release.py
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

"$OIC_ROOT/scripts/setup.sh" --dev || exit 1
PYTHONPATH="$OIC_ROOT/scripts" exec "$OIC_PYTHON" "$OIC_ROOT/scripts/release.py" "$@"
