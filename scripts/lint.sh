#!/usr/bin/env bash
# make lint: every check of .pre-commit-config.yaml on every file; --fix rewrites files instead.
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

fix() {
    local tool="$OIC_ROOT/scripts/tool.sh"
    cd "$OIC_ROOT"
    git ls-files -z '*.py' | xargs -0r "$tool" ruff check --quiet --fix
    git ls-files -z '*.py' | xargs -0r "$tool" ruff format --quiet
    git ls-files -z '*.xml' '*.js' '*.cjs' '*.scss' | xargs -0r "$tool" prettier --write --log-level=warn
}

"$OIC_ROOT/scripts/setup.sh" --dev || exit 1
if [ "${1:-}" = --fix ]; then
    fix
    exit
fi
cd "$OIC_ROOT"
keep_compiled
export PRE_COMMIT_HOME="$OIC_HOME/pre-commit"
exec timeout 2400 "$OIC_VENV/bin/pre-commit" run --all-files --show-diff-on-failure "$@"
