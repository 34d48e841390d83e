#!/usr/bin/env bash
# restore.sh BACKUP [--database NAME] [--force] [--neutralize]: what backup.sh wrote. It is
# verified first, and takes its place once it is whole.
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"
exec "$OIC_ROOT/scripts/env.sh" python "$OIC_ROOT/scripts/restore.py" "$@"
