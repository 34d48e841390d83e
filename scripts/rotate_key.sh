#!/usr/bin/env bash
# Changes the key that encrypts partners' secrets, in two steps around a restart of servers:
#   scripts/rotate_key.sh new                 a new key is put before the old one
#   scripts/rotate_key.sh finish [DATABASE…]  secrets go over to it, the old key leaves
# Each may be interrupted at any moment and started again. Where the key is not in our file
# but in a server's environment, change it there, and run: odoo rotate_secrets -d DATABASE
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"
[ -z "${OIC_SECRET_KEY:-}" ] || die "OIC_SECRET_KEY is set: its keys are not in our file." \
    "Put the new key before the old one there (NEW,OLD), restart the servers, run" \
    "scripts/odoo.sh rotate_secrets -d DATABASE, and take the old one away."
exec "$OIC_ROOT/scripts/env.sh" python "$OIC_ROOT/scripts/rotate_key.py" "$@"
