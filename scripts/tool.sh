#!/usr/bin/env bash
# Runs a linter from where the set-up installed it: scripts/tool.sh ruff check addons
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

export PATH="$OIC_HOME/node/node_modules/.bin:$PATH" NODE_PATH="$OIC_HOME/node/node_modules"
tool="$1"
shift
case "$tool" in
    prettier) set -- "--plugin=$NODE_PATH/@prettier/plugin-xml/src/plugin.js" "$@" ;;
    eslint) set -- --config "$OIC_ROOT/eslint.config.cjs" "$@" ;;
esac
exec "$tool" "$@"
