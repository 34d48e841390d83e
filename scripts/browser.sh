# shellcheck shell=bash
# Chromium for the browser tests, sourced after lib.sh: root gets it from apt, others are told.

if ! command -v chromium >/dev/null && ! command -v google-chrome >/dev/null; then
    apt_install chromium 900 chromium ||
        say "no Chromium: browser tests are skipped (as root: apt-get install chromium)"
fi
if ! command -v chromium >/dev/null && ! command -v google-chrome >/dev/null; then
    export OIC_NO_BROWSER=1
fi
