# shellcheck shell=bash
# Chromium for the browser tests, sourced after lib.sh: root gets it from apt, others are told.

if ! command -v chromium >/dev/null && ! command -v google-chrome >/dev/null; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        say "installing Chromium for the browser tests (apt-get install chromium)"
        export DEBIAN_FRONTEND=noninteractive
        run_logged apt-chromium 900 sh -c 'apt-get install -y -q --no-install-recommends chromium ||
            { apt-get update -q && apt-get install -y -q --no-install-recommends chromium; }' ||
            say "Chromium could not be installed: browser tests are skipped"
    else
        say "no Chromium: browser tests are skipped (as root: apt-get install chromium)"
    fi
fi
if ! command -v chromium >/dev/null && ! command -v google-chrome >/dev/null; then
    export OIC_NO_BROWSER=1
fi
