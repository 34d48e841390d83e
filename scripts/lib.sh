# shellcheck shell=bash
# Shared by every script of this folder: settings, messages, choice of Python, locks.
# Source it; it starts nothing by itself.

set -Eeuo pipefail
# No command ends us without a word: what may fail is followed by `|| die "what to do"`.
trap 'printf "ERROR: %s, line %s: %s\n" "$0" "$LINENO" "$BASH_COMMAND" >&2' ERR

OIC_ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)"

OIC_T0="${OIC_T0:-$(date +%s)}"
export OIC_T0

# Messages bear the seconds since the first script of the command started.
say() { printf '[%4ds] %s\n' "$(($(date +%s) - OIC_T0))" "$*" >&2; }
die() {
    printf '\nERROR: %s\n' "$1" >&2
    shift
    local line
    for line in "$@"; do printf '       %s\n' "$line" >&2; done
    exit 1
}

# `make clean` removes OIC_HOME: it must be a folder that was ours from the start.
OIC_HOME="${OIC_HOME:-$OIC_ROOT/.oiconnect}"
mkdir -p "$OIC_HOME" || die "cannot create $OIC_HOME." "Choose another folder with OIC_HOME."
OIC_HOME="$(cd "$OIC_HOME" && pwd -P)"
if [ ! -e "$OIC_HOME/.oiconnect-home" ]; then
    [ -z "$(ls -A "$OIC_HOME")" ] || die "OIC_HOME=$OIC_HOME is not empty and not ours." \
        "Choose an empty or new folder."
    : >"$OIC_HOME/.oiconnect-home"
fi
OIC_CACHE="${OIC_CACHE:-$OIC_HOME/cache}"
OIC_LOG="$OIC_HOME/log"
OIC_DB="${OIC_DB:-oiconnect}"
OIC_HTTP_PORT="${OIC_HTTP_PORT:-8069}"
OIC_SFTP_PORT="${OIC_SFTP_PORT:-2222}"
OIC_VENV="$OIC_HOME/venv"
OIC_PYTHON="$OIC_VENV/bin/python"
OIC_CONF="$OIC_HOME/odoo.conf"
# Our addons, in the order in which they depend on each other.
OIC_ADDONS="${OIC_ADDONS:-oiconnect_base oiconnect_infra oiconnect_orders oiconnect_sav \
oiconnect_statistics oiconnect_interop oiconnect_gracethd oiconnect_billing oiconnect_portal}"
export OIC_ROOT OIC_HOME OIC_CACHE OIC_LOG OIC_DB OIC_HTTP_PORT OIC_SFTP_PORT OIC_ADDONS
export OIC_PYTHON OIC_CONF
mkdir -p "$OIC_LOG" "$OIC_HOME/stamps"

# The folder holding the `odoo` package: given by the user, or unpacked by the set-up.
oic_odoo_root() {
    if [ -n "${ODOO_HOME:-}" ]; then
        printf '%s\n' "$ODOO_HOME"
    else
        printf '%s\n' "$OIC_HOME/odoo/usr/lib/python3/dist-packages"
    fi
}

# Odoo's own script: `python -m odoo` breaks the websocket process of --workers.
oic_odoo_bin() {
    if [ -z "${ODOO_HOME:-}" ]; then
        printf '%s\n' "$OIC_HOME/odoo/usr/bin/odoo"
    else
        printf '%s\n' "$ODOO_HOME/odoo-bin"
    fi
}

# In the background: says every 4 s that NAME goes on, and the last line of its log, if any.
tell_now_and_then() {
    local name="$1" log="${2:-}" t0=$SECONDS last=""
    # It ends with the script that started it, whose locks it does not hold.
    exec 8>&- 9>&-
    while sleep 4 >/dev/null 2>&1 && kill -0 $$ 2>/dev/null; do
        if [ -n "$log" ]; then last=": $(tail -n 1 "$log" | tr -d '\r' | cut -c 1-70)"; fi
        say "  $name, $((SECONDS - t0)) s$last"
    done
}

stop_telling() {
    kill "$1" 2>/dev/null || true
    wait "$1" 2>/dev/null || true
}

# run_logged NAME SECONDS COMMAND…: bounded in time, output in a log, its end shown on failure.
run_logged() {
    local name="$1" log="$OIC_LOG/$1.log" limit="$2" code=0 teller
    shift 2
    : >"$log"
    tell_now_and_then "$name" "$log" &
    teller=$!
    timeout --kill-after=20 "$limit" "$@" >"$log" 2>&1 || code=$?
    stop_telling "$teller"
    [ "$code" != 0 ] || return 0
    tail -n 25 "$log" >&2 || true
    [ "$code" != 124 ] || printf '(stopped after %s s)\n' "$limit" >&2
    printf '(whole log: %s)\n' "$log" >&2
    return 1
}

# apt_install NAME SECONDS PACKAGE…: only root can, where there is apt.
apt_install() {
    local name="$1" limit="$2"
    shift 2
    if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then return 1; fi
    say "installing $* (apt-get install)"
    # shellcheck disable=SC2016  # "$@" is that of the inner shell
    DEBIAN_FRONTEND=noninteractive run_logged "apt-$name" "$limit" sh -c '
        install() { apt-get -o DPkg::Lock::Timeout=120 install -y -q --no-install-recommends "$@"; }
        install "$@" || { apt-get -q update && install "$@"; }' sh "$@"
}

# Stamps make the set-up resumable: a step is done when its stamp holds the hash of its inputs.
stamp_ok() { [ "$(cat "$OIC_HOME/stamps/$1" 2>/dev/null)" = "$2" ]; }
stamp_set() { printf '%s\n' "$2" >"$OIC_HOME/stamps/$1"; }

# Some packages are compiled: a Python without its headers would stop there.
python_fits() {
    "$1" -c 'import os, sys, sysconfig, venv
fits = (3, 11) <= sys.version_info[:2] <= (3, 13)
headers = os.path.exists(sysconfig.get_path("include") + "/Python.h")
sys.exit(not (fits and headers))' >/dev/null 2>&1
}

# Prints a Python 3.11–3.13: the one that OIC_PYTHON3 names, if any. That of the system comes
# first: distributions build it for speed (it is that of the image), version managers do not.
find_python() {
    local candidate candidates=(/usr/bin/python3 python3 python3.{13,12,11})
    if [ -n "${OIC_PYTHON3:-}" ]; then candidates=("$OIC_PYTHON3"); fi
    for candidate in "${candidates[@]}"; do
        if python_fits "$candidate"; then
            "$candidate" -c 'import sys; print(sys.executable)'
            return 0
        fi
    done
    die "no Python 3.11, 3.12 or 3.13 with its headers found." \
        "Install one (Debian: apt-get install python3-dev python3-venv) or name it in OIC_PYTHON3."
}

# The existing addons of ours, separated by commas.
oic_addons() {
    local addon list=""
    for addon in $OIC_ADDONS; do
        if [ -f "$OIC_ROOT/addons/$addon/__manifest__.py" ]; then list="$list,$addon"; fi
    done
    printf '%s\n' "${list#,}"
}

# What one process compiled of Odoo is there for all, in our folder, even on machines that keep
# Python from writing (many containers do): ten seconds of processor for each start.
keep_compiled() {
    unset PYTHONDONTWRITEBYTECODE
    export PYTHONPYCACHEPREFIX="$OIC_HOME/compiled"
}

# Binaries of the venv (wkhtmltopdf, linters) come first.
export PATH="$OIC_VENV/bin:$PATH"

# The configuration and the environment that Odoo starts with.
odoo_environment() {
    local path
    path="$(oic_odoo_root)/odoo/addons"
    # A Git checkout keeps most addons beside the package.
    if [ -d "$(oic_odoo_root)/addons" ]; then path="$path,$(oic_odoo_root)/addons"; fi
    if [ -n "$(oic_addons)" ]; then path="$path,$OIC_ROOT/addons"; fi
    cat >"$OIC_CONF.$$" <<CONF
[options]
addons_path = $path
data_dir = ${OIC_DATA:-$OIC_HOME/data}
server_wide_modules = base,web,queue_job,oiconnect_interop
http_interface = 127.0.0.1
unaccent = ${OIC_UNACCENT:-False}
list_db = False
limit_time_cpu = 600
limit_time_real = 1200
max_cron_threads = 1
CONF
    mv "$OIC_CONF.$$" "$OIC_CONF"
    export ODOO_RC="$OIC_CONF"
    OIC_ODOO_BIN="$(oic_odoo_bin)"
    export OIC_ODOO_BIN PYTHONPATH="$OIC_ROOT/scripts"
    OIC_SECRET_KEY="${OIC_SECRET_KEY:-$(cat "${OIC_SECRET_KEY_FILE:-$OIC_HOME/secret.key}")}"
    export OIC_SECRET_KEY
}
