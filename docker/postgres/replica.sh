#!/bin/bash
# Makes the replica when there is none in PGDATA, then runs the command that follows.
# To make it again, take its volume away.
set -Eeuo pipefail

if [ ! -s "$PGDATA/PG_VERSION" ]; then
    mkdir -p "$PGDATA"
    rm -rf "$PGDATA.new"
    PGPASSWORD="$(<"$REPLICA_PASSWORD_FILE")"
    export PGPASSWORD
    pg_basebackup -h "$PRIMARY" -p "${PRIMARY_PORT:-5432}" -U oic_replica -w \
        -D "$PGDATA.new" -R -X stream -c fast
    rmdir "$PGDATA"
    mv "$PGDATA.new" "$PGDATA"
    unset PGPASSWORD
fi
exec "$@"
