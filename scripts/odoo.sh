#!/usr/bin/env bash
# Runs Odoo's own script with our settings: scripts/odoo.sh [shell|i18n|…] ARGUMENTS…
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"
exec "$OIC_ROOT/scripts/env.sh" python "$(oic_odoo_bin)" "$@"
