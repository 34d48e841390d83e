#!/bin/bash
# Lets replicas be made of this server. Run at its first start; later, as often as wanted:
#   docker compose … exec -u postgres postgres /docker-entrypoint-initdb.d/replication.sh
set -Eeuo pipefail

psql -qX -v ON_ERROR_STOP=1 <<'SQL'
\set password `cat "$REPLICA_PASSWORD_FILE"`
SELECT 'CREATE ROLE oic_replica'
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'oic_replica') \gexec
ALTER ROLE oic_replica LOGIN REPLICATION PASSWORD :'password';
-- For a replica that was away. One that was for longer is made again.
ALTER SYSTEM SET wal_keep_size = '4GB';
-- A node whose machine is gone frees the lock of the jobs' runner within a minute.
ALTER SYSTEM SET tcp_keepalives_idle = 30;
ALTER SYSTEM SET tcp_keepalives_interval = 10;
ALTER SYSTEM SET tcp_keepalives_count = 3;
SQL
if ! grep -q oic_replica "$PGDATA/pg_hba.conf"; then
    printf 'host replication oic_replica all scram-sha-256\n' >>"$PGDATA/pg_hba.conf"
fi
psql -qX -v ON_ERROR_STOP=1 -o /dev/null -c 'SELECT pg_reload_conf()'
