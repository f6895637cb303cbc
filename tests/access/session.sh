#!/bin/sh
# SPDX-License-Identifier: AGPL-3.0-or-later
# The demo in its window, with the accessibility bus on; the walker beside it. Run inside xvfb-run and dbus-run-session.
#   session.sh PROGRAM WALKER DIALOG...
program=$1
walker=$2
shift 2
export QT_QPA_PLATFORM=xcb QT_ACCESSIBILITY=1 QT_LINUX_ACCESSIBILITY_ALWAYS_ON=1
for launcher in /usr/libexec/at-spi-bus-launcher /usr/lib/at-spi2-core/at-spi-bus-launcher; do
    if [ -x "$launcher" ]; then
        "$launcher" --launch-immediately >/dev/null 2>&1 &
        bus=$!
        break
    fi
done
"$program" -m imr_desktop demo >/dev/null 2>&1 &
window=$!
/usr/bin/python3 "$walker" "$@"
status=$?
kill "$window" "$bus" 2>/dev/null
exit $status
