#!/bin/sh
# What the tests need of the machine, beyond Python: a Chromium, and for the test of several nodes nginx, Redis and
# PostgreSQL, and tesseract for scanned documents. Installs them where that is allowed, or says what to do.
set -eu

PATH="$PATH:/usr/sbin:/usr/local/sbin"
for folder in /usr/lib/postgresql/*/bin; do PATH="$PATH:$folder"; done

has() {
    for name in "$@"; do
        command -v "$name" >/dev/null && return 0
    done
    return 1
}

missing=
if ! { [ -n "${CHROMIUM:-}" ] && [ -x "$CHROMIUM" ]; }; then
    has chromium chromium-browser google-chrome-stable google-chrome chrome || missing="$missing chromium"
fi
has nginx || missing="$missing nginx-light"
has redis-server || missing="$missing redis-server"
has tesseract || missing="$missing tesseract-ocr"
has initdb || missing="$missing postgresql"
# Further programs, named as their packages are: `make bench` needs wrk.
for name in "$@"; do has "$name" || missing="$missing $name"; done
[ -z "$missing" ] && exit 0

if [ "$(id -u)" = 0 ]; then
    as_root=
elif has sudo && sudo -n true 2>/dev/null; then
    as_root="sudo -n"
else
    as_root=no
fi

if has apt-get && [ "$as_root" != no ]; then
    echo "Installing what the tests need:$missing ..."
    # shellcheck disable=SC2086 # both are lists of words
    if $as_root apt-get update -qq && DEBIAN_FRONTEND=noninteractive $as_root apt-get install -qq -y $missing >/dev/null; then
        exit 0
    fi
fi
echo "The tests need$missing: install them (on Debian: apt-get install$missing); for Chromium, CHROMIUM may name its path." >&2
exit 1
