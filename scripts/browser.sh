# shellcheck shell=bash
# Chromium for the browser tests, sourced after lib.sh: root gets it from apt, others see a hint.

# Debian has one without windows, which spends half as much on a page. It is requested once.
shell=/usr/lib/chromium/chromium-headless-shell
if [ ! -x "$shell" ] && ! stamp_ok browser asked; then
    apt_install chromium 900 chromium-headless-shell || true
    stamp_set browser asked
fi
no_browser() {
    ! { command -v "$shell" || command -v chromium || command -v google-chrome; } >/dev/null
}
if no_browser; then
    apt_install chromium 900 chromium ||
        say "no Chromium: browser tests are skipped (as root: apt-get install chromium)"
fi
if no_browser; then
    export OIC_NO_BROWSER=1
fi
