#!/usr/bin/env bash
# verify_evidence.sh [DATABASE] [--head "NETWORK NUMBER DIGEST"]…: computes all seals again from
# the rows, without the product; --head is what an operator was sent.
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"
exec "$OIC_ROOT/scripts/env.sh" python "$OIC_ROOT/scripts/verify_evidence.py" "$@"
