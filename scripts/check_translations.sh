#!/usr/bin/env bash
# Fails when an addon's fr.po lacks a term, or holds an empty, fuzzy or obsolete one.
export OIC_CLUSTER="test"
folder="$(dirname "$0")"
exec "$folder/env.sh" python "$folder/check_translations.py" "$@"
