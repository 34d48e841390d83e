# shellcheck shell=bash
# Shared by every script of this folder: settings, messages, choice of Python, locks.
# Source it; it starts nothing by itself.

set -Eeuo pipefail
# No command ends us without a word: what may fail is followed by `|| die "what to do"`.
trap 'unexpected "$LINENO" "$BASH_COMMAND"' ERR

OIC_ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)"

OIC_T0="${OIC_T0:-$(date +%s)}"
export OIC_T0

# Messages bear the seconds since the first script of the command started.
say() { printf '[%4ds] %s\n' "$(($(date +%s) - OIC_T0))" "$*" >&2; }
# die WHAT HINT…: what happened, then the next command to type.
die() {
    if disk_is_full; then set -- "${FULL_DISK[@]}"; fi
    printf '\nERROR: %s\n' "$1" >&2
    shift
    local line
    for line in "$@"; do printf '       %s\n' "$line" >&2; done
    exit 1
}

unexpected() {
    if disk_is_full; then die ""; fi
    printf 'ERROR: %s, line %s: %s\n' "$0" "$1" "$2" >&2
}

# `make clean` removes OIC_HOME: it must be a folder that was ours from the start.
OIC_HOME="${OIC_HOME:-$OIC_ROOT/.oiconnect}"
# What was typed: messages have it typed again.
OIC_COMMAND="${OIC_COMMAND:-make run}"
ANOTHER_HOME="Choose another folder: $OIC_COMMAND OIC_HOME=/var/tmp/oiconnect"
ANOTHER_DISK="Or choose another disk: $OIC_COMMAND OIC_HOME=/other/disk/oiconnect"
FULL_DISK=("the disk of $OIC_HOME is full." "Free 2 GB there, then: $OIC_COMMAND" "$ANOTHER_DISK")

# Room in MB of the disk that holds OIC_HOME; nothing where it is unknown.
free_megabytes() { df -m --output=avail "$OIC_HOME" 2>/dev/null | tail -n 1 | tr -d ' '; }
disk_is_full() { [ "$(free_megabytes || true)" -lt 20 ] 2>/dev/null; }

{ mkdir -p "$OIC_HOME" && [ -w "$OIC_HOME" ]; } 2>/dev/null ||
    die "the folder $OIC_HOME cannot be written." "$ANOTHER_HOME"
OIC_HOME="$(cd "$OIC_HOME" && pwd -P)"
if [ ! -e "$OIC_HOME/.oiconnect-home" ]; then
    [ -z "$(ls -A "$OIC_HOME")" ] ||
        die "OIC_HOME=$OIC_HOME is not empty and not ours." "$ANOTHER_HOME"
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
oiconnect_statistics oiconnect_import oiconnect_interop oiconnect_soap oiconnect_api \
oiconnect_gracethd oiconnect_billing oiconnect_portal}"
# Downloads are stored where those of other projects are, else in our folder.
if [ ! -d ~/.cache/pip ]; then export PIP_CACHE_DIR="${PIP_CACHE_DIR:-$OIC_CACHE/pip}"; fi
if [ ! -d ~/.npm ]; then export npm_config_cache="${npm_config_cache:-$OIC_CACHE/npm}"; fi
# Caches of the tools of development lie there too: `make clean` takes them.
export HYPOTHESIS_STORAGE_DIRECTORY="$OIC_HOME/hypothesis" RUFF_CACHE_DIR="$OIC_HOME/ruff"
export NODE_COMPILE_CACHE="$OIC_HOME/node-compiled"
export PYTEST_ADDOPTS="${PYTEST_ADDOPTS:-} -o cache_dir='$OIC_HOME/pytest'"
# Our own servers are never called through the proxy of the environment.
no_proxy="${no_proxy:-${NO_PROXY:-}},localhost,127.0.0.1,::1"
no_proxy="${no_proxy#,}" NO_PROXY="${no_proxy#,}"
export no_proxy NO_PROXY OIC_COMMAND
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

# Seconds between two lines about what takes long: no one is to wonder whether it hangs.
PROGRESS_PERIOD=2

# `cut` counts bytes: half a character would be left of a progress bar.
beginning_of_last_line() {
    tail -n 1 "$1" | tr -d '\r' | cut -b 1-70 | iconv -c -f utf-8 -t utf-8 2>/dev/null || true
}

# report_progress NAME [LOG]: says that NAME is at work, with the last line of LOG.
report_progress() {
    local name="$1" log="${2:-}" t0=$SECONDS last="" never
    # Our locks are closed, and nothing is left of it once it is killed: no `sleep`.
    exec 8>&- 9>&- {never}<> <(:)
    while { read -r -t "$PROGRESS_PERIOD" -u "$never" || true; } && kill -0 $$ 2>/dev/null; do
        if [ -n "$log" ]; then last=": $(beginning_of_last_line "$log")"; fi
        say "  $name, $((SECONDS - t0)) s$last"
    done
}

stop_report() {
    kill "$1" 2>/dev/null || true
    wait "$1" 2>/dev/null || true
}

# Where Odoo can come from without Debian's archive
ODOO_CHECKOUT=("Or take Odoo from a checkout: git clone --depth 1 --branch 19.0 https://github.com/odoo/odoo ~/odoo"
    "       then: $OIC_COMMAND ODOO_HOME=~/odoo")

# run_logged NAME SECONDS COMMAND…: bounded in time, output in a log, its end shown on failure.
run_logged() {
    local name="$1" log="$OIC_LOG/$1.log" limit="$2" code=0 reporter
    shift 2
    : >"$log"
    report_progress "$name" "$log" &
    reporter=$!
    # It ends with us, even when we are killed.
    setpriv --pdeathsig TERM timeout --foreground --kill-after=20 "$limit" "$@" >"$log" 2>&1 || code=$?
    stop_report "$reporter"
    [ "$code" != 0 ] || return 0
    tail -n 8 "$log" >&2 || true
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
    die "no Python 3.11, 3.12 or 3.13 with its headers found${OIC_PYTHON3:+ at $OIC_PYTHON3}." \
        "Install it (Debian, as root): apt-get install python3-dev" \
        "Or name one: $OIC_COMMAND OIC_PYTHON3=/path/to/python3.13"
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
pre_upgrade_scripts = $OIC_ROOT/addons/oiconnect_base/before_first_release.py
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
    # The demo and tests have passwords like "admin"; docker/entrypoint.sh refuses this.
    export OIC_WEAK_PASSWORDS=yes
}
