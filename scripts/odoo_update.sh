#!/usr/bin/env bash
# make odoo-update: takes the Odoo that Debian's sid has now, runs the tests on it, and writes
# requirements/odoo.lock. Where a test fails, the lock is as it was.
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"
[ -z "${ODOO_HOME:-}" ] || die "ODOO_HOME is set: that Odoo is not fetched." "unset ODOO_HOME; make odoo-update"

LOCK="$OIC_ROOT/requirements/odoo.lock"
BEFORE="$(cat "$LOCK")"

restore_lock() { printf '%s\n' "$BEFORE" >"$LOCK"; }

"$OIC_ROOT/scripts/fetch_odoo.sh" --newest || exit 1
if [ "$(cat "$LOCK")" = "$BEFORE" ]; then
    say "Debian's sid has no other version: nothing to do"
    exit
fi
say "now $(grep '^odoo-19' "$LOCK"): the tests are run"
if ! "$OIC_ROOT/scripts/test.sh"; then
    restore_lock
    die "tests fail on it: requirements/odoo.lock is as it was." \
        "See what Odoo changed, then: make odoo-update"
fi
say "requirements/odoo.lock is written: commit it"
