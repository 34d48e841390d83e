#!/usr/bin/env bash
# Builds the images of docker/ where there is neither a container daemon nor a registry, as
# root on Debian: mmdebstrap makes their base, buildah builds them and runs them in a chroot.
# Who runs them by docs/production.md needs ssh-keygen too.
#   images.sh base              a tar of Debian with nothing more than it needs; prints its path
#   images.sh build TARGET…     localhost/TARGET of docker/Dockerfile
#   images.sh from TARGET [OPTIONS…]   a container of it; its name is printed
#   images.sh buildah WORDS…    buildah on these images and containers
#   images.sh forget            takes all of them away
#   images.sh compose WORDS…    docker-compose on docker/compose.yaml, without a daemon: config;
#                               on what OIC_COMPOSE names besides too
# What is downloaded and built stays in OIC_CACHE. Ends with code 77 where it cannot work.
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

CACHE="$OIC_CACHE/images"
BASE_TAR="$CACHE/base.tar"
BASE=localhost/oiconnect-base
SUITE=trixie
# A base of a week ago lacks no more than a week of security updates.
BASE_DAYS=7
# As in debian:trixie-slim: no manuals, no caches, no waiting for the disk. The lists of
# packages stay: an image reads those that changed since.
BASE_OPTIONS=(--variant=minbase --skip=cleanup/apt/lists --dpkgopt=force-unsafe-io
    '--aptopt=Acquire::Languages "none"' '--aptopt=Dir::Cache::pkgcache ""'
    '--aptopt=Dir::Cache::srcpkgcache ""' '--dpkgopt=path-exclude=/usr/share/man/*'
    '--dpkgopt=path-exclude=/usr/share/doc/*' '--dpkgopt=path-exclude=/usr/share/locale/*')
# Each step is cached for the next build; a machine that builds once saves the time.
export BUILDAH_LAYERS="${BUILDAH_LAYERS:-true}"

cannot() {
    say "$1"
    exit 77
}

need_tools() {
    if command -v buildah >/dev/null && command -v mmdebstrap >/dev/null &&
        command -v ssh-keygen >/dev/null && [ -x /usr/lib/podman/netavark ]; then return; fi
    apt_install images 600 buildah mmdebstrap netavark openssh-client ||
        cannot "buildah, mmdebstrap and ssh-keygen cannot be installed"
}

lock() {
    exec 9>"$CACHE/lock"
    flock -w 1800 9 || die "another build has been at work for 30 minutes."
}

# Native overlay is many times quicker; not every file system can.
choose_driver() {
    local driver
    for driver in overlay vfs; do
        STORAGE_DRIVER="$driver"
        if in_storage info >/dev/null 2>&1; then return; fi
    done
    cannot "buildah does not work here"
}

in_storage() {
    buildah --root "$CACHE/storage" --runroot "$CACHE/run" --storage-driver "$STORAGE_DRIVER" "$@"
}

# Without these two limits nothing runs: it would ask for more than a process may have.
LIMITS=(--ulimit "nofile=$(ulimit -n):$(ulimit -Hn)" --ulimit "nproc=$(ulimit -u):$(ulimit -Hu)")

build() {
    local name="$1"
    shift
    run_logged "image-$name" 1800 buildah --root "$CACHE/storage" --runroot "$CACHE/run" \
        --storage-driver "$STORAGE_DRIVER" bud --isolation chroot \
        "${LIMITS[@]}" -t "localhost/$name" "$@" || die "the image $name cannot be built."
}

# mmdebstrap has a shell write to its next free descriptor, in which that shell reads one digit:
# those that we were given are closed. What bash reads this script by is its own.
make_base() (
    local path descriptor
    for path in "/proc/$BASHPID/fd/"*; do
        descriptor="${path##*/}"
        if [ "$descriptor" -gt 2 ] && [ "$descriptor" != 255 ]; then eval "exec $descriptor>&-"; fi
    done
    run_logged mmdebstrap 600 mmdebstrap "${BASE_OPTIONS[@]}" "$SUITE" "$1"
)

is_recent() { [ -n "$(find "$1" -mtime "-$BASE_DAYS" 2>/dev/null)" ]; }

ensure_base() {
    if is_recent "$BASE_TAR"; then return; fi
    say "making a base (Debian $SUITE)"
    make_base "$CACHE/base.new.tar" ||
        cannot "mmdebstrap cannot make a base: is Debian's archive reachable?"
    mv "$CACHE/base.new.tar" "$BASE_TAR"
}

build_base() {
    if is_recent "$BASE_TAR" && in_storage inspect --type image "$BASE" >/dev/null 2>&1; then return; fi
    ensure_base
    printf 'FROM scratch\nADD base.tar /\n' >"$CACHE/Dockerfile.base"
    build oiconnect-base -f "$CACHE/Dockerfile.base" --ignorefile /dev/null "$CACHE"
}

# The cache of downloads is that of the machine; so is who vouches for the package index.
build_target() {
    local mounts=(-v "$OIC_CACHE:/var/cache/oiconnect") authorities=/etc/ssl/certs/ca-certificates.crt
    mkdir -p "$CACHE/apt/partial"
    mounts+=(-v "$CACHE/apt:/var/cache/apt/archives")
    if [ -f "${PIP_CERT:-$authorities}" ]; then
        mounts+=(-v "${PIP_CERT:-$authorities}:/var/cache/authorities.crt:ro")
        mounts+=(--env PIP_CERT=/var/cache/authorities.crt --unsetenv PIP_CERT)
    fi
    say "building the image $1"
    build "$1" "${mounts[@]}" --build-arg "BASE=$BASE" "${@:2}" --target "$1" \
        -f "$OIC_ROOT/docker/Dockerfile" "$OIC_ROOT"
}

compose() {
    command -v docker-compose >/dev/null || apt_install compose 600 docker-compose ||
        cannot "docker-compose cannot be installed"
    local file files=(-f "$OIC_ROOT/docker/compose.yaml")
    for file in ${OIC_COMPOSE:-}; do files+=(-f "$OIC_ROOT/docker/$file"); done
    exec docker-compose "${files[@]}" "$@"
}

command="$1"
shift
if [ "$command" = compose ]; then compose "$@"; fi
[ "$(id -u)" = 0 ] || cannot "images are built as root only"
need_tools
mkdir -p "$CACHE"
if [ "$command" != base ]; then choose_driver; fi
case "$command" in
    base)
        lock
        ensure_base
        printf '%s\n' "$BASE_TAR"
        ;;
    build)
        lock
        build_base
        for target in "$@"; do
            if [ "$target$BUILDAH_LAYERS" != oiconnecttrue ]; then
                build_target "$target"
                continue
            fi
            # Named too, or its layers would go with those of former builds. Steps in the cache
            # know their arguments, and not what they mount.
            build_target build
            build_target "$target" --build-arg "BUILT=$(in_storage images -q localhost/build)"
        done
        in_storage rmi --prune --force >/dev/null
        ;;
    from) in_storage from --pull-never "${LIMITS[@]}" "${@:2}" "localhost/$1" ;;
    buildah) in_storage "$@" ;;
    forget)
        in_storage rm --all >/dev/null
        in_storage rmi --all --force >/dev/null
        rm -rf "$CACHE"
        ;;
esac
