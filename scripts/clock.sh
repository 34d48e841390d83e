# shellcheck shell=bash
# AT=23:30 make test: all runs as if it were that time in Paris, the next time that it is.
# Sourced after lib.sh.

LIBFAKETIME="$(ls /usr/lib/*/faketime/libfaketime.so.1 2>/dev/null | head -n 1)"
if [ -z "$LIBFAKETIME" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    say "installing libfaketime (apt-get install libfaketime)"
    export DEBIAN_FRONTEND=noninteractive
    run_logged apt-faketime 300 sh -c 'apt-get install -y -q --no-install-recommends libfaketime ||
        { apt-get update -q && apt-get install -y -q --no-install-recommends libfaketime; }' || true
    LIBFAKETIME="$(ls /usr/lib/*/faketime/libfaketime.so.1 2>/dev/null | head -n 1)"
fi
[ -n "$LIBFAKETIME" ] || die "AT needs libfaketime." "Install it (Debian: apt-get install libfaketime)."
[ -z "${PGHOST:-}" ] || die "AT cannot change the clock of the PostgreSQL server at PGHOST."
moment="$(TZ=Europe/Paris date -d "$AT" +%s)" || die "AT=$AT is no time of day, as 23:30 is."
# PostgreSQL starts again, with that clock.
"$OIC_ROOT/scripts/pg_stop.sh" test
# Never backwards: template databases are of the past.
FAKETIME="+$(((moment - $(date +%s) + 86400) % 86400))s"
say "the clock is moved by $FAKETIME"
export FAKETIME FAKETIME_DONT_FAKE_MONOTONIC=1 FAKETIME_DISABLE_SHM=1
export LD_PRELOAD="$LIBFAKETIME"
unset OIC_T0
