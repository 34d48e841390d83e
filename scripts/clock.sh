# shellcheck shell=bash
# AT=23:30 make test: all runs as if it were that time in Paris, the next time that it is.
# AT="2027-02-28 23:30": as if it were that day.
# Sourced after lib.sh.

find_faketime() { ls /usr/lib/*/faketime/libfaketime.so.1 2>/dev/null | head -n 1; }

LIBFAKETIME="$(find_faketime || true)"
if [ -z "$LIBFAKETIME" ] && apt_install faketime 300 libfaketime; then
    LIBFAKETIME="$(find_faketime || true)"
fi
[ -n "$LIBFAKETIME" ] || die "AT needs libfaketime." "Install it (Debian: apt-get install libfaketime)."
[ -z "${PGHOST:-}" ] || die "AT cannot change the clock of the PostgreSQL server at PGHOST."
moment="$(TZ=Europe/Paris date -d "$AT" +%s)" || die "AT=$AT is neither a time of day nor a day and a time, as 2027-02-28 23:30 is."
# PostgreSQL starts again, with that clock.
"$OIC_ROOT/scripts/pg_stop.sh" test
# Never backwards: template databases are of the past.
shift_s=$((moment - $(date +%s)))
if [ "$shift_s" -lt -86400 ]; then die "AT=$AT is past."; fi
if [ "$shift_s" -lt 0 ]; then shift_s=$((shift_s + 86400)); fi
FAKETIME="+${shift_s}s"
say "the clock is moved by $FAKETIME"
export FAKETIME FAKETIME_DONT_FAKE_MONOTONIC=1 FAKETIME_DISABLE_SHM=1
export LD_PRELOAD="$LIBFAKETIME"
unset OIC_T0
