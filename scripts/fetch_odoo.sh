#!/usr/bin/env bash
# Gets the Odoo 19.0 tree from Debian's suite sid, without root and without installing it:
# a private apt state under OIC_HOME downloads the packages (signatures checked with the
# machine's own keyring) and dpkg unpacks them into one folder. Odoo is of the version and the
# SHA-256 of requirements/odoo.lock; --newest takes that of sid, and writes the lock.
# With arguments FOLDER PACKAGE…, unpacks packages of the machine's own suite there instead.
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

APT="$OIC_HOME/apt"
DEBS="$OIC_CACHE/debs"
TREE="$OIC_HOME/odoo"
LOCK="$OIC_ROOT/requirements/odoo.lock"
read -r ODOO_PACKAGE ODOO_VERSION ODOO_SHA256 < <(grep '^odoo-19 ' "$LOCK")
# Debian replaces these files of Odoo by symlinks into its own packages.
STRIPPED="libjs-jquery libjs-underscore libjs-jquery-form fonts-font-awesome
    fonts-roboto-unhinted fonts-montserrat fonts-inconsolata fonts-ocr-b"
# Half of Odoo's files by size are translations; the product speaks French and English.
LEFT_OUT=("--exclude=*/i18n*/[!f]*.po" "--exclude=*/i18n*/f[!r]*.po" "--exclude=*/i18n*/*.pot")
# shellcheck source=/dev/null
SUITE="$( (. /etc/os-release && printf '%s' "${VERSION_CODENAME:-trixie}") 2>/dev/null || true)"

# Prints "URI keyring" of the first Debian archive in the machine's sources (deb822 format).
source_deb822() {
    { cat /etc/apt/sources.list.d/*.sources 2>/dev/null || true; } | awk '
        function found() { return uri ~ /debian\/?$/ }
        /^[[:space:]]*$/ { if (found()) exit; uri = key = "" }
        /^URIs:/ { uri = $2 }
        /^Signed-By:/ { key = $2 }
        END { if (found()) print uri, key }'
}

# The same from the older one-line format.
source_list() {
    { cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null || true; } |
        sed -nE 's/^deb +(\[[^]]*\] +)?([a-z+]+:[^ ]*debian\/?) .*/\2/p' | head -n 1
}

write_apt_sources() {
    local found uri key
    found="$(source_deb822)"
    [ -n "$found" ] || found="$(source_list)"
    [ -n "$found" ] || die "no Debian archive among this machine's apt sources." "${ODOO_CHECKOUT[@]}"
    read -r uri key <<<"$found"
    [ -f "${key:-}" ] || key=/usr/share/keyrings/debian-archive-keyring.gpg
    [ -f "$key" ] || die "Debian's archive keyring is missing ($key)." \
        "Install it: apt-get install debian-archive-keyring" "${ODOO_CHECKOUT[@]}"
    printf 'Types: deb\nURIs: %s\nSuites: sid %s\nComponents: main\nSigned-By: %s\n' \
        "$uri" "$SUITE" "$key" >"$APT/sources/oiconnect.sources"
}

write_apt_state() {
    if ! command -v apt-get >/dev/null || ! command -v dpkg >/dev/null; then
        die "this machine has no apt: Odoo cannot be fetched from Debian's archive." \
            "${ODOO_CHECKOUT[@]}"
    fi
    mkdir -p "$APT/lists/partial" "$APT/cache/archives/partial" "$APT/state" "$APT/sources"
    write_apt_sources
    # Read after the machine's own settings, so that its proxies hold and its hooks do not.
    cat >"$APT/apt.conf" <<CONF
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
Dir::Etc::sourcelist "/dev/null";
Dir::Etc::sourceparts "$APT/sources";
Dir::State "$APT/state";
Dir::State::lists "$APT/lists";
Dir::State::status "/var/lib/dpkg/status";
Dir::Cache "$APT/cache";
APT::Sandbox::User "$(id -un)";
Acquire::Languages "none";
Acquire::Retries "3";
CONF
}

# The lists are read once a day at most: a set-up that is resumed does not read them again.
read_lists() {
    write_apt_state
    if [ -n "$(find "$APT/lists-read" -mmin -1440 2>/dev/null)" ]; then return; fi
    say "reading Debian's package lists (private apt state, about 20 MB)"
    run_logged apt-update 600 apt-get -c "$APT/apt.conf" -q -o APT::Update::Error-Mode=any update ||
        apt_failed apt-update "Debian's archive cannot be read"
    touch "$APT/lists-read"
}

# What apt says of it is repeated: an address that cannot be reached, lists that are too old.
apt_failed() {
    local reason
    rm -f "$APT/lists-read"
    reason="$(grep -E '^(E|Err|W):' "$OIC_LOG/$1.log" | grep -v 'Some index files failed' |
        head -n 1 | cut -c 1-200 || true)"
    die "$2${reason:+ (${reason#?: })}." \
        "Check the network, its proxy and the sources of apt, then: $OIC_COMMAND" "${ODOO_CHECKOUT[@]}"
}

# download FOLDER PACKAGE…
download() (
    cd "$1"
    shift
    run_logged apt-download 1800 apt-get -c "$APT/apt.conf" -q download "$@" ||
        apt_failed apt-download "Debian's archive does not give $*"
)

# Debs of an earlier set-up serve again when they are still what apt verified then.
debs_cached() { (cd "$DEBS" && sha256sum --status -c SHA256SUMS) 2>/dev/null; }

download_odoo() {
    local package wanted=()
    for package in $STRIPPED; do wanted+=("$package/$SUITE"); done
    read_lists
    say "downloading Odoo $ODOO_VERSION (about 135 MB)"
    rm -f "$DEBS"/*.deb "$DEBS/SHA256SUMS"
    download "$DEBS" "${wanted[@]}"
    download_locked
    (cd "$DEBS" && sha256sum -- *.deb >SHA256SUMS.new && mv SHA256SUMS.new SHA256SUMS)
}

# The archive has the newest version only; its snapshots have all.
download_locked() {
    if [ "$(newest_version)" = "$ODOO_VERSION" ]; then
        download "$DEBS" "$ODOO_PACKAGE=$ODOO_VERSION"
    else
        say "Debian's archive has gone on: Odoo $ODOO_VERSION comes from its snapshots"
        run_logged snapshot 1800 python3 "$OIC_ROOT/scripts/fetch_snapshot.py" \
            "$ODOO_PACKAGE" "$ODOO_VERSION" "$DEBS" ||
            die "Odoo $ODOO_VERSION is neither in Debian's archive nor at snapshot.debian.org." \
                "Take the present one and test it: make odoo-update" "${ODOO_CHECKOUT[@]}"
    fi
    printf '%s  %s\n' "$ODOO_SHA256" "$(odoo_deb)" | sha256sum --status -c ||
        die "the file of Odoo is not the one of requirements/odoo.lock: $(odoo_deb)." \
            "Whoever sent it is not Debian, or the lock is wrong. Remove it, then: $OIC_COMMAND"
}

odoo_deb() { printf '%s\n' "$DEBS/$ODOO_PACKAGE"_*.deb; }

newest_version() {
    apt-cache -c "$APT/apt.conf" madison odoo-19 2>/dev/null | awk '/sid/ { print $3; exit }'
}

# Writes the lock of what sid has now; the next set-up unpacks it.
lock_newest() {
    local version
    rm -f "$APT/lists-read"
    read_lists
    version="$(newest_version)"
    [ -n "$version" ] || die "Debian's sid has no Odoo 19." "Look at its page: https://tracker.debian.org/pkg/odoo-19"
    if [ "$version" = "$ODOO_VERSION" ]; then return; fi
    rm -f "$DEBS"/odoo-19_*.deb "$DEBS/SHA256SUMS"
    download "$DEBS" "odoo-19=$version"
    sed -i "s|^odoo-19 .*|odoo-19 $version $(sha256sum "$(odoo_deb)" | cut -d ' ' -f 1)|" "$LOCK"
}

# Debs of an earlier set-up are of another version, perhaps.
locked_deb_is_cached() {
    debs_cached && grep -q "^$ODOO_SHA256  odoo-19_" "$DEBS/SHA256SUMS"
}

# requirements/odoo.in has some of Odoo's libraries under another name: `pip check` would miss
# those of Odoo's own metadata.
name_our_distributions() {
    sed -i -e 's/^Requires-Dist: psycopg2>.*/Requires-Dist: psycopg2-binary/' \
        -e 's/^\(Requires-Dist: lxml_html_clean\)$/\1; python_version >= "3.12"/' \
        -e 's/^Requires-Dist: PyPDF2$/Requires-Dist: pypdf2; python_version < "3.13"\
Requires-Dist: pypdf; python_version >= "3.13"/' "$1"
}

unpack_odoo() {
    local deb tree="$TREE.new" packages
    rm -rf "$tree"
    mkdir -p "$tree"
    for deb in "$DEBS"/*.deb; do
        dpkg --fsys-tarfile "$deb" | tar -xpC "$tree" --no-same-owner "${LEFT_OUT[@]}" ||
            die "cannot unpack $deb." "Fetch it again: rm -r $DEBS; $OIC_COMMAND"
    done
    packages="$tree/usr/lib/python3/dist-packages"
    # A second, partial copy of the addons: it would hide the whole ones.
    rm -rf "$packages/addons" "$packages/setup" "$packages/doc"
    # Stripped by Debian, requested by the web client at each start (blur of video calls).
    mkdir -p "$packages/odoo/addons/mail/static/lib/selfie_segmentation"
    : >"$packages/odoo/addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js"
    name_our_distributions "$packages"/odoo-19.0.egg-info/PKG-INFO
    rm -rf "$TREE"
    mv "$tree" "$TREE"
}

unpack_extra() {
    local folder="$1" package deb wanted=()
    shift
    for package in "$@"; do wanted+=("$package/$SUITE"); done
    read_lists
    rm -rf "$folder" "$folder.debs"
    mkdir -p "$folder" "$folder.debs"
    download "$folder.debs" "${wanted[@]}"
    for deb in "$folder.debs"/*.deb; do dpkg -x "$deb" "$folder"; done
    rm -rf "$folder.debs"
}

fetch() {
    mkdir -p "$DEBS"
    if [ "${1:-}" = --newest ]; then
        lock_newest
    elif [ $# -gt 0 ]; then
        unpack_extra "$@"
    else
        locked_deb_is_cached || download_odoo
        say "unpacking Odoo $ODOO_VERSION"
        report_progress "unpacking Odoo" &
        unpack_odoo
        stop_report $!
    fi
}

if [ "${BASH_SOURCE[0]}" = "$0" ]; then fetch "$@"; fi
