#!/usr/bin/env bash
# Runs any command with our Python, PostgreSQL and Odoo settings: scripts/env.sh psql -d oiconnect
# OIC_CLUSTER=test leads to the fast test cluster instead of the one of `make run`.
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=scripts/pg.sh
. "$OIC_ROOT/scripts/pg.sh"

[ -f "$OIC_HOME/secret.key" ] || "$OIC_ROOT/scripts/setup.sh" || exit 1
pg_start "${OIC_CLUSTER:-main}"
odoo_environment
keep_compiled
exec "$@"
