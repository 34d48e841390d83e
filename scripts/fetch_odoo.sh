#!/usr/bin/env bash
# Gets the Odoo 19.0 tree from Debian's suite sid, without root and without installing it:
# a private apt state under OIC_HOME downloads the packages (signatures checked with the
# machine's own keyring) and dpkg unpacks them into one folder.
# With arguments FOLDER PACKAGE…, unpacks packages of the machine's own suite there instead.
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

APT="$OIC_HOME/apt"
DEBS="$OIC_CACHE/debs"
TREE="$OIC_HOME/odoo"
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
    local package wanted=("odoo-19/sid")
    for package in $STRIPPED; do wanted+=("$package/$SUITE"); done
    read_lists
    say "downloading Odoo 19.0 (about 135 MB)"
    rm -f "$DEBS"/*.deb "$DEBS/SHA256SUMS"
    download "$DEBS" "${wanted[@]}"
    (cd "$DEBS" && sha256sum -- *.deb >SHA256SUMS.new && mv SHA256SUMS.new SHA256SUMS)
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
    # Stripped by Debian, asked for by the web client at each start (blur of video calls).
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

mkdir -p "$DEBS"
if [ $# -gt 0 ]; then
    unpack_extra "$@"
else
    debs_cached || download_odoo
    say "unpacking Odoo 19.0"
    report_progress "unpacking Odoo" &
    unpack_odoo
    stop_report $!
fi
