#!/usr/bin/env bash
# backup.sh [FOLDER] [--database NAME]: the database of `make run`, or that of PGHOST, with its
# files (OIC_DATA) and the key of secrets (OIC_SECRET_KEY_FILE), while all goes on.
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"
exec "$OIC_ROOT/scripts/env.sh" python "$OIC_ROOT/scripts/backup.py" "$@"
