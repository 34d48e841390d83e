#!/bin/bash
# Makes the accounts of the file OIC_SFTP_ACCOUNTS_FILE, then serves. Its lines are
#   account:password hash (openssl passwd -6), or * for none:public key, or nothing
# An account with several keys has several lines; its password stands on one of them. Restart
# the container after a change.
set -Eeuo pipefail

ROOT=/srv/sftp
KEYS=/var/lib/sftp-keys
FOLDERS=(in in/archive in/error out publication)

fail() {
    printf 'ERROR: %s\n' "$1" >&2
    exit 1
}

make_host_keys() {
    local kind
    for kind in ed25519 rsa; do
        [ -s "$KEYS/ssh_host_${kind}_key" ] ||
            ssh-keygen -q -t "$kind" -N '' -C '' -f "$KEYS/ssh_host_${kind}_key"
    done
}

# The number that owns the files of an account stays when the container is made anew.
number_of() {
    if [ -d "$ROOT/$1/in" ]; then stat -c %u "$ROOT/$1/in"; return; fi
    stat -c %u "$ROOT"/*/in 2>/dev/null | awk 'BEGIN { n = 20000 } $1 > n { n = $1 } END { print n + 1 }'
}

make_account() {
    local account="$1" hash="$2" folder
    id "$account" >/dev/null 2>&1 ||
        useradd --no-create-home --home-dir / --shell /usr/sbin/nologin --no-user-group \
            --gid operators --uid "$(number_of "$account")" "$account"
    # "*" is no hash of any password; "!" would close the account to its keys too. On a later
    # line it leaves the password of an earlier one.
    if [ "$hash" != '*' ] || [ ! -e "/etc/ssh/accounts/$account" ]; then
        usermod --password "$hash" "$account"
    fi
    # sshd wants the root of an account to be root's.
    install -d -m 755 -o root -g root "$ROOT/$account"
    for folder in "${FOLDERS[@]}"; do
        install -d -m 700 -o "$account" -g operators "$ROOT/$account/$folder"
    done
}

make_accounts() {
    local account hash key
    install -d -m 755 /etc/ssh/accounts
    rm -f /etc/ssh/accounts/*
    while IFS=: read -r account hash key; do
        case "$account" in '' | '#'*) continue ;; esac
        [[ "$account" =~ ^[a-z][a-z0-9_-]{0,30}$ ]] || fail "\"$account\" is no name of an account."
        [ -n "$hash" ] || fail "$account has no password hash: write * for none."
        make_account "$account" "$hash"
        printf '%s\n' "$key" >>"/etc/ssh/accounts/$account"
    done <"$OIC_SFTP_ACCOUNTS_FILE"
}

[ -r "${OIC_SFTP_ACCOUNTS_FILE:-}" ] || fail "OIC_SFTP_ACCOUNTS_FILE names no file that can be read."
make_host_keys
make_accounts
mkdir -p /run/sshd
exec /usr/sbin/sshd -D -e -f /opt/sftp/sshd_config "$@"
