#!/bin/sh
# What the tests need of the machine, beyond Python: a Chromium. Installs it where that is allowed, or says what to do.
set -eu

for name in chromium chromium-browser google-chrome-stable google-chrome chrome; do
    command -v "$name" >/dev/null && exit 0
done
[ -n "${CHROMIUM:-}" ] && [ -x "$CHROMIUM" ] && exit 0

if [ "$(id -u)" = 0 ]; then
    as_root=
elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
    as_root="sudo -n"
else
    as_root=no
fi

if command -v apt-get >/dev/null && [ "$as_root" != no ]; then
    echo "Installing Chromium for the browser tests ..."
    if $as_root apt-get update -qq && DEBIAN_FRONTEND=noninteractive $as_root apt-get install -qq -y chromium >/dev/null; then
        exit 0
    fi
fi
echo "The browser tests need Chromium: install it (on Debian: apt-get install chromium) or set CHROMIUM to its path." >&2
exit 1
